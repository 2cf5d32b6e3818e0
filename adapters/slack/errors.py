"""What every way a Slack call can end means for the message: one table, and one function.

Who is gone is told apart, because each has another remedy: a deactivated person has left, a
removed app must be installed again, closed direct messages need the app's Messages tab, and a
chat that cannot be found may be another workspace's. An error that Slack says may have happened
halfway (``fatal_error``, ``internal_error``) is in doubt and never repeated by itself.

Source: the error lists of chat.postMessage, chat.update, chat.delete and conversations.open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias, assert_never

from adapters.slack.api import Denied, Done, End, Limited, Lost, Unsent
from nudges.delivery import Gone, Outcome, Refused, Sent, Unknown, Wait

SOON: Final = timedelta(seconds=10)
REPAIR: Final = timedelta(minutes=10)
"""How long to leave a workspace alone whose installation somebody has to put right."""


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing happened; worth trying again after a while."""

    after: timedelta
    why: str


Meaning: TypeAlias = Gone | Refused | Unknown | Later

_DEACTIVATED = Gone("this person's account is deactivated")
_NOBODY = Gone("no such person in this workspace")
_REMOVED = Gone("the app was removed from this workspace")
_CLOSED = Gone("this person cannot get direct messages from the app")
_NO_CHAT = Gone("the chat cannot be found")
_TOKEN = Later(REPAIR, "Slack does not accept the app's token")
_RIGHTS = Later(REPAIR, "the app misses a right; install it again with the current manifest")
_BLOCKS = Refused("Slack does not accept the card")
_LONG = Refused("the card is too long")
_POLICY = Refused("the workspace does not allow this")
_MESSAGE = Refused("the message cannot be found any more")
_OURS = Refused("the call is not as Slack wants it")
_AWAY = Later(SOON, "Slack is not available")
_DOUBT = Unknown("Slack failed halfway")

ERRORS: Final[Mapping[str, Meaning]] = {
    # the person
    "account_inactive": _REMOVED,
    "user_disabled": _DEACTIVATED,
    "user_is_deactivated": _DEACTIVATED,
    "is_inactive": _DEACTIVATED,
    "user_not_found": _NOBODY,
    "users_not_found": _NOBODY,
    "user_not_visible": _NOBODY,
    "not_in_team": _NOBODY,
    "cannot_dm_bot": _CLOSED,
    "messages_tab_disabled": _CLOSED,
    "cannot_message_user": _CLOSED,
    "im_disabled": _CLOSED,
    "user_is_restricted": _CLOSED,
    "channel_not_found": _NO_CHAT,
    "not_in_channel": _NO_CHAT,
    "is_archived": _NO_CHAT,
    "is_bot": _CLOSED,
    # the installation
    "token_revoked": _REMOVED,
    "app_uninstalled": _REMOVED,
    "team_not_found": _REMOVED,
    "team_disabled": _REMOVED,
    "invalid_auth": _TOKEN,
    "not_authed": _TOKEN,
    "token_expired": _TOKEN,
    "missing_scope": _RIGHTS,
    "not_allowed_token_type": _RIGHTS,
    "no_permission": _RIGHTS,
    "team_access_not_granted": _RIGHTS,
    "org_login_required": Later(REPAIR, "the workspace is being moved"),
    "team_added_to_org": Later(REPAIR, "the workspace is being moved"),
    "external_channel_migrating": Later(REPAIR, "the chat is being moved"),
    "accesslimited": _POLICY,
    "access_denied": _POLICY,
    "ekm_access_denied": _POLICY,
    "enterprise_is_restricted": _POLICY,
    "two_factor_setup_required": _POLICY,
    "restricted_action": _POLICY,
    "restricted_action_non_threadable_channel": _POLICY,
    "restricted_action_read_only_channel": _POLICY,
    "restricted_action_thread_locked": _POLICY,
    "restricted_action_thread_only_channel": _POLICY,
    "channel_is_limited_access": _POLICY,
    "slack_connect_file_link_sharing_blocked": _POLICY,
    "slack_connect_canvas_sharing_blocked": _POLICY,
    "slack_connect_lists_sharing_blocked": _POLICY,
    "compliance_exports_prevent_deletion": _POLICY,
    # the card
    "invalid_blocks": _BLOCKS,
    "invalid_blocks_format": _BLOCKS,
    "block_mismatch": _BLOCKS,
    "no_text": _BLOCKS,
    "markdown_text_conflict": _BLOCKS,
    "too_many_attachments": _BLOCKS,
    "too_many_contact_cards": _BLOCKS,
    "attachment_payload_limit_exceeded": _LONG,
    "msg_too_long": _LONG,
    "msg_blocks_too_long": _LONG,
    "message_limit_exceeded": _POLICY,
    "metadata_too_large": _OURS,
    "metadata_must_be_sent_from_app": _OURS,
    "invalid_metadata_format": _OURS,
    "invalid_metadata_schema": _OURS,
    # the message to be replaced or removed
    "message_not_found": _MESSAGE,
    "thread_not_found": _MESSAGE,
    "cant_update_message": Refused("this message is not ours to replace"),
    "cant_delete_message": Refused("this message is not ours to remove"),
    "edit_window_closed": Refused("the workspace allows no change after this time"),
    "duplicate_message_not_found": _DOUBT,
    "duplicate_channel_not_found": _NO_CHAT,
    # the call
    "as_user_not_supported": _OURS,
    "channel_type_not_supported": _OURS,
    "deprecated_endpoint": _OURS,
    "method_deprecated": _OURS,
    "unknown_method": _OURS,
    "invalid_arg_name": _OURS,
    "invalid_arguments": _OURS,
    "invalid_array_arg": _OURS,
    "invalid_charset": _OURS,
    "invalid_form_data": _OURS,
    "invalid_json": _OURS,
    "json_not_object": _OURS,
    "invalid_post_type": _OURS,
    "missing_post_type": _OURS,
    "missing_post_data": _OURS,
    "invalid_ts": _OURS,
    # Slack
    "service_unavailable": _AWAY,
    "request_timeout": _AWAY,
    "upgrade_required": _OURS,
    "http_408": _AWAY,
    "http_413": _LONG,
    "fatal_error": _DOUBT,
    "internal_error": _DOUBT,
    "update_failed": _DOUBT,
}


def outcome(end: End, now: datetime, *, ref: str = "", again: bool = False) -> Outcome:
    """Say what the end of a call means for a delivery.

    Args:
        end: how the call ended.
        now: the moment it did.
        ref: the message's name, where the call succeeded.
        again: the call may be repeated without harm (a replacement), so doubt is a reason to wait.

    """
    match end:
        case Done():
            return Sent(ref)
        case Limited(seconds):
            return Wait(now + timedelta(seconds=seconds), "Slack asked to wait", everyone=True)
        case Unsent(why):
            return Wait(now + SOON, f"Slack cannot be reached ({why})", everyone=True)
        case Lost(why):
            return _settle(Unknown(why), now, again=again)
        case Denied(error):
            unknown = Refused(f"Slack said {error}" if error.isidentifier() else "Slack said no")
            return _settle(ERRORS.get(error, unknown), now, again=again)
        case _:
            assert_never(end)


def _settle(meaning: Meaning, now: datetime, *, again: bool) -> Outcome:
    match meaning:
        case Later(after, why):
            return Wait(now + after, why)
        case Unknown(why) if again:
            return Wait(now + SOON, why)
        case _:
            return meaning
