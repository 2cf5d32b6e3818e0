"""The manifests agree with the code: commands, paths, scopes, and the files in ``manifest/``."""

import io
import json
import os
import struct
import zipfile
import zlib
from base64 import b64encode
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from click.testing import CliRunner, Result
from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError

from adapters.slack import manifest as slack
from adapters.teams import manifest as teams
from adapters.teams.icons import color
from adapters.teams.inbox import PATH
from bot.about import PATH as ABOUT
from bot.cli import main
from bot.web import make_web
from bot.wiring.manifests import manifests
from dialogs import introduction
from dialogs.commands import COMMANDS, read
from dialogs.introduction import introduce
from dialogs.speech import languages
from tests.house.source import ROOT, tracked
from tests.real import NODE, chromium

HOST = "wayfinder.example.org"
APP = "00000000-0000-0000-0000-000000000000"
SOMEBODY = "11111111-2222-4333-8444-555555555555"
SCHEMAS = NODE / "teams" / "node_modules" / "@microsoft" / "app-manifest" / "build" / "json-schemas"
WRITTEN = {
    "manifest/slack/http.json": "slack.http.json",
    "manifest/slack/socket.json": "slack.socket.json",
    "manifest/teams/manifest.json": "teams/manifest.json",
    "manifest/teams/en.json": "teams/en.json",
    "manifest/teams/nl.json": "teams/nl.json",
}


NO_HOSTS = (
    *("https://x.org", "x.org/y", "x.org:443", "localhost", "", "a b.org", "-x.org"),
    *("x..org", "x.org\n", "127.0.0.1", "é.org", f"{'x' * 64}.org"),
)
NO_IDS = ("", "1", APP, SOMEBODY[:-1], f"{{{SOMEBODY}}}", SOMEBODY + "\n")


def built(language: str = "en") -> dict[str, bytes]:
    files = manifests(HOST, APP, language=language, developer="Acme", version="1.0.0")
    return {str(path): content for path, content in files.items()}


def read_json(name: str, language: str = "en") -> dict[str, Any]:
    return json.loads(built(language)[name])


@pytest.mark.parametrize("path", WRITTEN)
def test_golden_manifest(path: str) -> None:
    content = built()[WRITTEN[path]].replace(b'"Acme"', b'"Wayfinder"')
    if os.environ.get("APPROVE"):
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(content)
    assert (ROOT / path).read_bytes() == content, "make golden approves it"


def test_no_other_file_is_kept() -> None:
    kept = {path for path in tracked() if path.startswith("manifest/")}
    assert kept == set(WRITTEN)


@pytest.mark.parametrize("language", languages())
def test_every_command_is_listed_and_every_listed_one_is_understood(language: str) -> None:
    us = introduce(language)
    understood = [read(listed.title) for listed in us.listed]
    assert understood == [name for name in COMMANDS if name not in introduction.UNLISTED]
    assert len(understood) <= 12, "Teams lists no more than twelve"
    starters = {read(listed.starter) for listed in us.listed if listed.starter}
    assert starters == set(introduction.STARTERS)
    for command in teams.commands(us):
        assert read(command["title"])
        assert command["description"]
        assert command.get("prompt", command["title"]) == command["title"]


def test_every_language_says_the_same_things() -> None:
    said = [read_json(f"teams/{language}.json") for language in languages()]
    assert len({tuple(one) for one in said}) == 1
    described = read_json("teams/manifest.json")
    commands = described["bots"][0]["commandLists"][0]["commands"]
    english = read_json("teams/en.json")
    for place, command in enumerate(commands):
        for part in ("title", "description", "prompt"):
            key = f"bots[0].commandLists[0].commands[{place}].{part}"
            assert english.get(key) == command.get(part)


@pytest.mark.parametrize("language", languages())
def test_the_first_language_is_the_one_that_was_chosen(language: str) -> None:
    told = read_json("teams/manifest.json", language)
    assert told["description"]["short"] == introduce(language).short
    shown = read_json("slack.http.json", language)
    assert shown["display_information"]["description"] == introduce(language).short
    info = told["localizationInfo"]
    others = [one["languageTag"] for one in info["additionalLanguages"]]
    assert sorted([info["defaultLanguageTag"], *others]) == sorted(languages())
    for file in (info["defaultLanguageFile"], *(f"{other}.json" for other in others)):
        assert f"teams/{file}" in built(language)


def test_slack_calls_at_the_paths_we_listen_at() -> None:
    there = read_json("slack.http.json")
    origin = f"https://{HOST}"
    assert there["settings"]["event_subscriptions"]["request_url"] == origin + slack.EVENTS_PATH
    assert there["settings"]["interactivity"]["request_url"] == origin + slack.EVENTS_PATH
    assert there["features"]["slash_commands"][0]["url"] == origin + slack.EVENTS_PATH
    assert there["oauth_config"]["redirect_urls"] == [origin + slack.BACK_PATH]
    assert "https://" not in json.dumps(read_json("slack.socket.json"))
    papers = tracked()["docs/teams.md"] + tracked()["docs/slack.md"]
    for path in (PATH, slack.EVENTS_PATH, slack.INSTALL_PATH):
        assert path in papers


@pytest.mark.parametrize("language", languages())
def test_slack_has_room_for_what_we_say(language: str) -> None:
    told = read_json("slack.http.json", language)
    info, features = told["display_information"], told["features"]
    assert len(info["name"]) <= 35
    assert len(info["description"]) <= 140
    assert 175 <= len(info["long_description"]) <= 4000
    for one in features["shortcuts"]:
        assert len(one["name"]) <= 24
        assert len(one["description"]) <= 150
    assert len(features["slash_commands"][0]["description"]) <= 2000
    assert len(features["slash_commands"][0]["usage_hint"]) <= 1000


@pytest.mark.parametrize("language", languages())
def test_slack_hints_at_every_listed_command_and_no_other(language: str) -> None:
    (command,) = read_json("slack.http.json", language)["features"]["slash_commands"]
    hinted = [read(one) for one in command["usage_hint"].split(" | ")]
    assert hinted == [name for name in COMMANDS if name not in introduction.UNLISTED]


@pytest.mark.parametrize("way", ["http", "socket"])
def test_slack_lets_people_write_see_the_home_page_and_press(way: str) -> None:
    told = read_json(f"slack.{way}.json")
    assert told["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert told["settings"]["interactivity"]["is_enabled"]
    assert told["settings"]["socket_mode_enabled"] is (way == "socket")


def test_teams_asks_for_the_chat_with_one_person_and_no_more() -> None:
    told = read_json("teams/manifest.json")
    assert told["bots"][0]["scopes"] == ["personal"]
    assert [one["scopes"] for one in told["bots"][0]["commandLists"]] == [["personal"]]
    assert told["permissions"] == ["identity"]
    assert told["validDomains"] == [HOST]
    assert not {"configurableTabs", "staticTabs", "authorization"} & set(told)
    (action,) = told["composeExtensions"][0]["commands"]
    assert (action["type"], action["context"]) == ("action", ["message"])


async def test_the_page_it_names_is_there() -> None:
    developer = read_json("teams/manifest.json")["developer"]
    urls = {url for name, url in developer.items() if name.endswith("Url")}
    assert urls == {f"https://{HOST}{ABOUT}"}

    async def ready() -> None:
        return None

    async def measured() -> bytes:
        return b""

    async with TestClient(TestServer(make_web(ready, measured))) as client:
        answer = await client.get(ABOUT)
        assert (answer.status, answer.content_type) == (200, "text/html")
        page = await answer.text()
    for language in languages():
        assert f'lang="{language}"' in page
        assert introduce(language).short in page


def pixels(png: bytes) -> tuple[int, list[bytes]]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (wide, depth, kind) == (high, 8, 6)
    start = png.index(b"IDAT") + 4
    raw = zlib.decompress(png[start : png.index(b"IEND") - 8])
    rows = [raw[y * (wide * 4 + 1) + 1 : (y + 1) * (wide * 4 + 1)] for y in range(high)]
    return wide, [row[x : x + 4] for row in rows for x in range(0, len(row), 4)]


@pytest.mark.parametrize(("name", "pixels_a_side"), [("teams/color.png", 192), ("slack.png", 512)])
def test_the_icon_in_colour_is_as_the_platform_wants_it(name: str, pixels_a_side: int) -> None:
    size, shown = pixels(built()[name])
    assert size == pixels_a_side
    assert {pixel[3] for pixel in shown} == {255}
    dark = sum(pixel == bytes([0x12, 0x35, 0x2F, 255]) for pixel in shown) / len(shown)
    ground = sum(pixel == bytes([0xF4, 0xB8, 0x60, 255]) for pixel in shown) / len(shown)
    assert 0.05 < dark < 0.2
    assert ground > 0.75


def test_the_outline_is_as_teams_wants_it() -> None:
    size, shown = pixels(built()["teams/outline.png"])
    assert size == 32
    assert {pixel[:3] for pixel in shown} == {b"\xff\xff\xff"}, "white, and nothing but white"
    clear = sum(pixel[3] == 0 for pixel in shown) / len(shown)
    assert 0.4 < clear < 0.9


def test_the_package_holds_the_files_beside_it_and_is_the_same_each_time() -> None:
    first, again = built(), built()
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first["teams.zip"])) as archive:
        packed = {f"teams/{name}": archive.read(name) for name in archive.namelist()}
    assert packed == {n: content for n, content in first.items() if n.startswith("teams/")}


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["manifest", "build", *words])


def test_the_command_writes_everything(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    told = run("--host", "Way.Example.org", "--app-id", SOMEBODY.upper(), "--out", str(out))
    assert told.exit_code == 0, told.output
    made = {str(PurePosixPath(p.relative_to(out))) for p in out.rglob("*") if p.is_file()}
    assert made == set(built())
    described = json.loads((out / "teams" / "manifest.json").read_text())
    assert described["id"] == described["bots"][0]["botId"] == SOMEBODY
    assert described["validDomains"] == ["way.example.org"]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        *(("--host", host, "no host name") for host in NO_HOSTS),
        *(("--app-id", app_id, "no application id") for app_id in NO_IDS),
        ("--developer", " ", "1 to 32 characters"),
        ("--developer", "x" * 33, "1 to 32 characters"),
        ("--release", "1.0", "no version"),
        ("--release", "01.0.0", "no version"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(
    tmp_path: Path, option: str, value: str, said: str
) -> None:
    given = {"--host": HOST, "--app-id": SOMEBODY, "--out": str(tmp_path / "out")} | {option: value}
    told = run(*(word for pair in given.items() for word in pair))
    assert told.exit_code == 2
    assert said in told.stderr
    assert "Traceback" not in told.output
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    out = str(tmp_path / "file" / "folder")
    told = run("--host", HOST, "--app-id", SOMEBODY, "--out", out)
    assert told.exit_code == 2
    assert "Not a directory" in told.stderr


def judge(name: str, version: str, kind: str) -> list[ValidationError]:
    place = SCHEMAS / "teams" / f"v{version}" / f"MicrosoftTeams.{kind}schema.json"
    assert place.is_file(), "the schema is not installed; .ci/run shows how"
    schema = json.loads(place.read_text(encoding="utf-8-sig"))
    return [*Draft4Validator(schema).iter_errors(read_json(name))]  # pyright: ignore[reportUnknownMemberType]


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "kind"),
    [("manifest", ""), *((language, "Localization.") for language in languages())],
)
def test_microsofts_schema_finds_nothing_wrong(name: str, kind: str) -> None:
    assert judge(f"teams/{name}.json", teams.SCHEMA, kind) == []


COMPARE = """async ([drawn, mark]) => {
  const read = async (source) => {
    const picture = new Image(192, 192);
    picture.src = source;
    await picture.decode();
    const canvas = new OffscreenCanvas(192, 192), pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0, 192, 192);
    return pen.getImageData(48, 48, 96, 96).data;
  };
  const [one, other] = [await read(drawn), await read(mark)];
  return one.reduce((sum, value, n) => sum + Math.abs(value - other[n]), 0) / one.length;
}"""


@pytest.mark.real
async def test_the_colour_icon_is_the_mark_of_the_page() -> None:
    mark = (ROOT / "adapters" / "browser" / "page" / "mark.svg").read_bytes()
    sources = [
        f"data:image/{kind};base64,{b64encode(picture).decode()}"
        for kind, picture in (("png", color()), ("svg+xml", mark))
    ]
    async with chromium() as browser:
        page = await browser.new_page()
        apart: float = await page.evaluate(COMPARE, sources)
    assert apart < 1, "of 255, on average over the middle of the icon"


@pytest.mark.real
def test_the_schema_is_the_newest_there_is() -> None:
    there = [p.name[1:] for p in (SCHEMAS / "teams").iterdir() if p.name[1:2].isdigit()]
    newest = max(there, key=lambda name: [int(part) for part in name.split(".")])
    assert newest == teams.SCHEMA


@pytest.mark.real
def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "SCOPES", ("everywhere",))
    assert judge("teams/manifest.json", teams.SCHEMA, "")
    monkeypatch.setattr(introduction, "NAME", "x" * 31)
    monkeypatch.setattr(teams, "_COMMANDS", "bots[7].commandLists[0].commands")
    assert judge("teams/nl.json", teams.SCHEMA, "Localization.")
