import os
from base64 import b64encode

import pytest

from adapters.store.secrets import Sealed, Vault

OLD, NEW = os.urandom(32), os.urandom(32)
TEXT = "xoxb-1 Zoë".encode()


def test_what_is_sealed_opens_and_is_not_readable() -> None:
    vault = Vault((NEW,))
    sealed = vault.seal(TEXT, "slack:T1")
    assert vault.open(sealed, "slack:T1") == TEXT
    assert b"xoxb" not in sealed
    assert vault.seal(TEXT, "slack:T1") != sealed
    assert vault.open(vault.seal(b"", ""), "") == b""


def test_a_new_key_goes_in_front_and_the_old_one_still_opens() -> None:
    sealed = Vault((OLD,)).seal(TEXT, "c")
    both = Vault((NEW, OLD))
    assert both.open(sealed, "c") == TEXT
    assert both.stale(sealed)
    again = both.seal(TEXT, "c")
    assert not both.stale(again)
    assert Vault((NEW,)).open(again, "c") == TEXT
    with pytest.raises(Sealed, match="not in the settings"):
        Vault((NEW,)).open(sealed, "c")


def test_it_does_not_open_elsewhere() -> None:
    vault = Vault((NEW,))
    with pytest.raises(Sealed, match="another context"):
        vault.open(vault.seal(TEXT, "slack:T1"), "slack:T2")


def test_no_byte_of_it_can_be_changed() -> None:
    vault = Vault((NEW,))
    sealed = vault.seal(TEXT, "c")
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(Sealed):
            vault.open(bytes(changed), "c")
    for end in range(len(sealed)):
        with pytest.raises(Sealed):
            vault.open(sealed[:end], "c")


@pytest.mark.parametrize("keys", [(), (b"",), (b"short",), (b"\0" * 32,), (NEW, b"x" * 31)])
def test_keys_that_protect_nothing_are_refused(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="openssl"):
        Vault(keys)


def test_keys_are_read_from_the_settings_and_not_shown() -> None:
    text = b64encode(NEW).decode()
    vault = Vault.read([text])
    assert vault.keys == (NEW,)
    assert text not in repr(vault)
    assert repr(NEW) not in repr(vault)
    for wrong in ("not base64!", "YQ==", ""):
        with pytest.raises(ValueError, match="openssl"):
            Vault.read([wrong])
