"""A new version of a document on its way into answers and back, through the HTTP edge and a real index."""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import knowledge
from bot.app import Helpdesk
from bot.operations.migrations import migrate
from bot.settings import load_settings
from desk.model import Role
from knowledge.golden import Expected
from retrieval.embedding.embedder import Embedder
from tests.support.audited import audited
from tests.support.light_helpdesk import served
from tests.support.people import Asker, Staff

SAMPLES = Path(knowledge.__path__[0]) / "documents"
NAME = "老年助餐服务办法.md"
OLD = (SAMPLES / NAME).read_text(encoding="utf-8")
NEW = OLD.replace("80周岁以上的，每餐补贴5元", "80周岁以上的，每餐补贴12元")
LATER = NEW.replace("2026年2月1日起施行", "2026年11月1日起施行").replace("2026-01-20", "2026-10-20")
QUESTION = "江湾区80周岁以上老人助餐每餐补贴多少元？"


@contextmanager
def house(models_dir: Path, folder: Path, **settings: Any) -> Iterator[tuple[Helpdesk, Staff, Staff, Asker]]:
    """The service with the samples, two administrators signed in, and somebody who asks."""
    helpdesk = Helpdesk(load_settings({}, home=folder, models_dir=models_dir, **settings))
    migrate(helpdesk.engine)
    passwords = {n: helpdesk.accounts.create(n, n, Role.ADMINISTRATOR)[1] for n in ("anna", "bert")}
    with served(helpdesk) as url:
        anna, bert = (Staff(url, name, password) for name, password in passwords.items())
        asker = Asker(url)
        with closing(anna), closing(bert), closing(asker):
            yield helpdesk, anna, bert, asker


@pytest.fixture
def open_house(embedder: Embedder, models_dir: Path, tmp_path: Path) -> Iterator[tuple[Helpdesk, Staff, Staff, Asker]]:
    with house(models_dir, tmp_path / "home") as parts:
        uploaded = parts[0].settings.home / "uploads" / NAME
        uploaded.parent.mkdir(exist_ok=True)
        uploaded.write_text(OLD, encoding="utf-8")
        parts[0].indexer.run([uploaded])
        yield parts


def draft(staff: Staff, name: str, text: str) -> dict[str, Any]:
    """Upload a file into a draft; the version."""
    assert staff.upload(name, text.encode()).status_code == 200
    staff.index(name)
    found = staff.get("/admin/versions", params={"state": ["draft", "held"]}).json()["versions"]
    return next(each for each in found if each["file"] == name)


def told(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def golden(staff: Staff, question: str, **expected: Any) -> dict[str, Any]:
    made: dict[str, Any] = told(staff.post("/admin/golden", json={"question": question, **expected}))
    return made


def test_a_new_version_is_seen_compared_approved_by_another_asked_for_and_rolled_back(
    embedder: Embedder, models_dir: Path, tmp_path: Path
) -> None:
    with house(models_dir, tmp_path / "home", approval="second_person") as (helpdesk, anna, bert, asker):
        first = draft(anna, NAME, OLD)
        told(anna.post(f"/admin/versions/{first['id']}/publish", json={}))
        live = told(bert.post(f"/admin/versions/{first['id']}/approve", json={}))
        assert (live["state"], live["number"]) == ("published", 1)
        kept = golden(anna, QUESTION, document="江湾区老年助餐服务管理办法", clause="第四条", words=["5元"])
        golden(anna, "江湾区送餐上门每次多少钱？", words=["2元"])
        assert told(anna.post("/admin/golden/run", json={}))["passed"] == 2
        assert "5元" in asker.asked(QUESTION)["text"]

        second = draft(anna, NAME, NEW)
        assert (second["kind"], second["document_id"]) == ("correction", live["document_id"])
        assert "5元" in asker.asked(QUESTION)["text"], "a draft answers nothing"
        difference = told(anna.get(f"/admin/versions/{second['id']}/difference"))
        (entry,) = [each for each in difference["entries"] if each["change"] != "same"]
        assert (entry["change"], "第四条" in entry["new"]["locator"]) == ("changed", True)
        marks = {span["mark"]: span["text"] for span in entry["spans"]}
        assert ("5" in marks["removed"], "12" in marks["added"]) == (True, True)
        effects = told(anna.get(f"/admin/versions/{second['id']}/effects"))
        (otherwise,) = effects["golden"]["changed"]
        assert otherwise["id"] == kept["id"]
        assert "12元" in otherwise["after"]["text"]
        assert "没有“5元”" in otherwise["after"]["problem"]
        assert otherwise["before"]["problem"] == ""
        assert effects["past_answers"]["count"] >= 2, "what was answered above rests on the clause that changes"

        waiting = told(anna.post(f"/admin/versions/{second['id']}/publish", json={}))
        assert (waiting["state"], waiting["awaits_approval"]) == ("draft", True)
        own = anna.post(f"/admin/versions/{second['id']}/approve", json={})
        assert (own.status_code, "不能自己审核" in own.json()["message"]) == (409, True)
        assert "5元" in asker.asked(QUESTION)["text"]
        told(bert.post(f"/admin/versions/{second['id']}/approve", json={}))
        answered = asker.asked(QUESTION)
        assert "12元" in answered["text"]
        assert "5元；" not in answered["text"]

        back = told(bert.post(f"/admin/documents/{live['document_id']}/roll-back", json={}))
        assert back["version"]["number"] == 1
        assert "5元" in asker.asked(QUESTION)["text"]
        assert "12元" not in asker.asked(QUESTION)["text"]
        runs = told(anna.get("/admin/golden/list"))["runs"]
        went = [(run["passed"], run["failed"], run["by"], run["version"]) for run in runs]
        assert went[-1] == (2, 0, "anna", ""), "the one she asked for"
        assert went[0] == (1, 1, "bert", second["id"]), "asked again before his approval published it"
        acts = [(each["action"], each["actor"]) for each in audited(helpdesk.engine)]
        for act in ("propose", "ask", "approve", "publish", "roll_back"):
            assert f"version.{act}" in {action for action, _ in acts}


def test_the_text_before_a_successor_still_answers_for_the_days_before(
    open_house: tuple[Helpdesk, Staff, Staff, Asker],
) -> None:
    helpdesk, anna, _, asker = open_house
    successor = draft(anna, "新办法.md", LATER)
    assert (successor["kind"], successor["needs_confirmation"]) == ("successor", True)
    refused = anna.post(f"/admin/versions/{successor['id']}/publish", json={})
    assert (refused.status_code, "请先确认" in refused.json()["message"]) == (409, True)
    effects = told(anna.get(f"/admin/versions/{successor['id']}/effects"))
    assert [each["repealed_on_after"] for each in effects["documents"]] == ["2026-11-01"]
    belongs = {"kind": "successor", "document": successor["successor_of"]}
    told(anna.post(f"/admin/versions/{successor['id']}/of", json=belongs))
    new = told(anna.post(f"/admin/versions/{successor['id']}/publish", json={}))
    today = told(anna.post("/admin/trial/ask", json={"question": QUESTION}))
    then = told(anna.post("/admin/trial/ask", json={"question": QUESTION, "as_of": "2026-06-01"}))
    assert ("12元" in today["text"], "5元" in then["text"]) == (True, True)
    assert told(anna.post(f"/admin/documents/{new['document_id']}/roll-back", json={}))["version"] is None
    assert "5元" in asker.asked(QUESTION)["text"]
    assert len(helpdesk.store.documents()) == 1


def test_a_file_with_personal_numbers_is_held_and_released_with_a_reason(
    open_house: tuple[Helpdesk, Staff, Staff, Asker],
) -> None:
    helpdesk, anna, _, _ = open_house
    listed = OLD + "\n第十二条 首批享受助餐的老人：张某，身份证号码11010519491231002X。\n"
    held = draft(anna, NAME, listed)
    assert held["state"] == "held"
    assert "110105************" in held["holds"][0]["sentence"]
    assert "第十二条" in held["holds"][0]["where"]
    assert "11010519491231002X" not in json.dumps(held)
    refused = anna.post(f"/admin/versions/{held['id']}/publish", json={})
    assert (refused.status_code, "放行" in refused.json()["message"]) == (409, True)
    assert anna.post(f"/admin/versions/{held['id']}/release", json={"reason": ""}).status_code == 422
    told(anna.post(f"/admin/versions/{held['id']}/release", json={"reason": "本人同意公示。"}))
    told(anna.post(f"/admin/versions/{held['id']}/publish", json={}))
    (released,) = [each for each in helpdesk.audit.of(f"version:{held['id']}") if each["action"] == "version.release"]
    assert released["detail"]["reason"] == "本人同意公示。"
    assert "11010519491231002X" not in json.dumps(audited(helpdesk.engine), default=str)


def test_what_was_decided_counts_and_golden_questions_come_and_go(
    open_house: tuple[Helpdesk, Staff, Staff, Asker],
) -> None:
    helpdesk, anna, _, _ = open_house
    version = draft(anna, NAME, NEW)
    whole = told(anna.get(f"/admin/versions/{version['id']}"))
    assert whole["metadata"]["effective_on"] == "2026-02-01"
    assert whole["clauses"][0]["end"] > whole["clauses"][0]["start"] >= 0
    decided = {**whole["metadata"], "title": "江湾区助餐办法", "issuer": "江湾区民政局"}
    told(anna.post(f"/admin/versions/{version['id']}/metadata", json=decided))
    assert told(anna.get(f"/admin/versions/{version['id']}"))["read"]["title"] == "江湾区老年助餐服务管理办法"
    told(anna.post("/admin/versions/publish", json={"versions": [version["id"]]}))
    assert [each.metadata.issuer for each in helpdesk.store.documents()] == ["江湾区民政局"]
    assert anna.post("/admin/golden", json={"question": "助餐？"}).status_code == 422
    refused = golden(anna, "杭州老年助餐补贴多少元？", refused=True)
    assert told(anna.post("/admin/golden/run", json={}))["passed"] == 1
    told(anna.post(f"/admin/golden/{refused['id']}/remove", json={}))
    assert told(anna.get("/admin/golden/list"))["questions"] == []
    history = told(anna.get(f"/admin/documents/{version['document_id']}/versions"))["versions"]
    assert [each["number"] for each in history] == [2, 1]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "versions/none"), ("get", "versions/none/difference"), ("get", "versions/none/effects")]
    + [("post", f"versions/none/{act}") for act in ("publish", "approve", "withdraw")]
    + [("post", "golden/none/remove")],
)
def test_an_unknown_one_is_not_found(
    shared_house: tuple[Helpdesk, Staff, Staff, Asker], method: str, path: str
) -> None:
    _, anna, _, asker = shared_house
    given = {"json": {}} if method == "post" else {}
    assert getattr(anna, method)(f"/admin/{path}", **given).status_code == 404
    assert getattr(asker, method)(f"/admin/{path}", **given).status_code == 401


@pytest.fixture(scope="module")
def shared_house(
    embedder: Embedder, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Helpdesk, Staff, Staff, Asker]]:
    with house(models_dir, tmp_path_factory.mktemp("shared")) as parts:
        yield parts


def test_what_is_scheduled_is_published_on_its_day_after_a_restart(
    embedder: Embedder, models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime, timedelta

    import bot.web

    monkeypatch.setattr(bot.web, "_DUE", 0.2)
    now = datetime.now(UTC)
    settings = load_settings({}, home=tmp_path / "home", models_dir=models_dir)
    helpdesk = Helpdesk(settings)
    migrate(helpdesk.engine)
    password = helpdesk.accounts.create("anna", "anna", Role.ADMINISTRATOR)[1]
    helpdesk.golden.add(
        "老年人助餐补贴多少钱", Expected(words=("100元",)), "anna"
    )  # goes wrong: it is published all the same
    tomorrow = (now + timedelta(days=1, hours=8)).date().isoformat()
    with served(helpdesk) as url, closing(Staff(url, "anna", password)) as anna:
        version = draft(anna, NAME, OLD)
        asked = told(anna.post(f"/admin/versions/{version['id']}/publish", json={"on": tomorrow}))
        assert (asked["state"], asked["publish_on"]) == ("scheduled", tomorrow)
        time.sleep(1)
        assert helpdesk.versions.get(version["id"]).state == "scheduled"
    later = Helpdesk(settings, clock=lambda: datetime.now(UTC) + timedelta(days=1))
    with served(later):
        give_up = time.monotonic() + 20
        while later.versions.get(version["id"]).state != "published":
            assert time.monotonic() < give_up, "it was not published on its day"
            time.sleep(0.1)
        (run,) = [each for each in later.golden.runs() if each.by == "system"]
        assert (run.version, run.failed) == (version["id"], 1)
        while not later.index.search("助餐补贴", 1):  # shown as soon as the transaction has ended
            assert time.monotonic() < give_up, "it is not found"
            time.sleep(0.1)
