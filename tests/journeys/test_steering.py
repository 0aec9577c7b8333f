"""What administrators steer by, through the HTTP edge and a real index: words in effect at once, what answers rested on
and the same asked again, golden questions out of a conversation and before each publishing."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, func, select

import knowledge
from bot.app import Helpdesk
from bot.operations.migrations import migrate
from bot.settings import load_settings
from desk.model import Role
from desk.tables import answer_records, messages
from knowledge.database import reading, writing
from retrieval.embedding.embedder import Embedder
from tests.support.light_helpdesk import served
from tests.support.people import Asker, Staff

NAME = "老年助餐服务办法.md"
MEALS = (Path(knowledge.__path__[0]) / "documents" / NAME).read_text(encoding="utf-8")
QUESTION = "江湾区80周岁以上老人助餐每餐补贴多少元？"
COLLOQUIAL = "江湾区80周岁以上吃阿婆灶每餐补贴多少元？"
People = tuple[Helpdesk, Staff, Staff, Asker]


@pytest.fixture(scope="module")
def people(embedder: Embedder, models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """The service with one document, an administrator, a specialist and somebody who asks; one for both stories."""
    helpdesk = Helpdesk(load_settings({}, home=tmp_path_factory.mktemp("home"), models_dir=models_dir))
    migrate(helpdesk.engine)
    roles = {"anna": Role.ADMINISTRATOR, "zhou": Role.SPECIALIST}
    passwords = {name: helpdesk.accounts.create(name, name, role)[1] for name, role in roles.items()}
    uploaded = helpdesk.settings.home / "uploads" / NAME
    uploaded.parent.mkdir()
    uploaded.write_text(MEALS, encoding="utf-8")
    helpdesk.indexer.run([uploaded])
    with served(helpdesk) as url:
        anna, zhou = (Staff(url, name, password) for name, password in passwords.items())
        asker = Asker(url)
        with closing(anna), closing(zhou), closing(asker):
            yield helpdesk, anna, zhou, asker


def told(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_words_are_in_effect_at_once_and_every_answer_can_be_asked_again(people: People) -> None:
    helpdesk, anna, zhou, asker = people
    first = asker.asked(COLLOQUIAL)
    unchanged = told(anna.get(f"/admin/answers/{first['id']}/replay"))
    assert (unchanged["same"], unchanged["differs"], unchanged["question"]) == (True, [], COLLOQUIAL)

    golden = told(anna.post("/admin/golden", json={"question": COLLOQUIAL, "words": ["5元"]}))
    wanted = {"said": ["阿婆灶"], "written": ["助餐", "没有这个词"]}
    tried = told(anna.post("/admin/words/try", json=wanted))
    assert tried["asked"] == 1
    told(anna.post(f"/admin/golden/{golden['id']}/remove", json={}))
    assert helpdesk.words.lexicon().official("阿婆灶") == [], "a trial changes nothing"
    made = told(anna.post("/admin/words", json=wanted))
    assert made["unheld"] == ["没有这个词"]

    second = asker.asked(COLLOQUIAL)
    records = {each["message_id"]: each["record"] for each in told(anna.get("/admin/answers/list"))["answers"]}
    before, after = records[first["id"]], records[second["id"]]
    covered = [each["passages"][0]["signals"]["evidence_covered"] for each in (before, after)]
    assert covered[0] < covered[1], "the documents' word is looked for, too"
    changed = {each["what"] for each in told(anna.get(f"/admin/answers/{first['id']}/replay"))["differs"]}
    assert {"words", "confidence"} <= changed
    told(anna.post(f"/admin/words/{made['id']}/switch", json={"on": False}))
    assert told(anna.get(f"/admin/answers/{first['id']}/replay"))["same"]

    refused = anna.post("/admin/words", json={"said": ["怎么"], "written": ["助餐"]})
    assert (refused.status_code, "几乎每个问题" in refused.json()["message"]) == (422, True)
    for path in (
        "words/list",
        "words/proposals",
        "answers/list",
        f"answers/{first['id']}/record",
        f"golden/of/{first['id']}",
    ):
        assert zhou.get(f"/admin/{path}").status_code == 404, "for administrators only"
    assert zhou.post("/admin/words", json=wanted).status_code == 404


def test_a_record_tells_what_an_answer_rested_on_and_what_has_become_of_it(people: People) -> None:
    helpdesk, anna, _, asker = people
    answered = asker.asked(QUESTION)
    assert "record" not in answered["body"], "nothing of it goes to the applicant"
    given = told(anna.get(f"/admin/answers/{answered['id']}/record"))
    record, (cited, *_) = given["record"], given["record"]["cited"]
    assert (record["kind"], record["day"], given["question"]) == ("answer", helpdesk.today().isoformat(), QUESTION)
    assert record["setup"]["model"] == helpdesk.embedder.name
    assert record["setup"]["index"] == helpdesk.index.published.revision
    assert (len(cited["text_hash"]), "第四条" in cited["locator"]) == (16, True)
    assert QUESTION not in str(record)
    assert record["passages"][0]["signals"]["evidence_place"] == 1.0

    followed = asker.asked("那送餐上门呢，每次多少钱？")
    turns = told(anna.get(f"/admin/answers/{followed['id']}/record"))["record"]["asked"]
    assert (len(turns) > 1, turns[-1] < followed["id"]) == (True, True)
    assert told(anna.get(f"/admin/answers/{followed['id']}/replay"))["same"]
    assert told(anna.get(f"/admin/golden/of/{followed['id']}"))["follows"]
    deleted_with_its_message(helpdesk, followed["id"])
    assert anna.get(f"/admin/answers/{followed['id']}/replay").status_code == 404

    proposed = told(anna.get(f"/admin/golden/of/{answered['id']}"))
    assert (proposed["question"], proposed["refused"]) == (QUESTION, False)
    golden = {name: proposed[name] for name in ("question", "document", "clause")}
    told(anna.post("/admin/golden", json={**golden, "words": ["5元"]}))

    assert anna.upload("新.md", MEALS.replace("每餐补贴5元", "每餐补贴12元").encode()).status_code == 200
    anna.index("新.md")
    (draft,) = told(anna.get("/admin/versions", params={"state": "draft"}))["versions"]
    belongs = {"kind": "correction", "document": cited["document_id"]}
    told(anna.post(f"/admin/versions/{draft['id']}/of", json=belongs))
    published = told(anna.post(f"/admin/versions/{draft['id']}/publish", json={}))
    assert (published["golden"]["failed"], published["golden"]["version"]) == (1, draft["id"])
    (asked,) = told(anna.get("/admin/golden/list"))["questions"]
    assert asked["went"] == [False], "run before it was published, and kept"
    told(anna.post("/admin/golden/run", json={}))

    again = told(anna.get(f"/admin/answers/{answered['id']}/replay"))
    assert (again["same"], "5元" in again["text_then"], "12元" in again["text_now"]) == (False, True, True)
    assert (again["cited"][0]["fate"], again["cited"][0]["cited_now"]) == ("changed", True)
    assert "index" in {each["what"] for each in again["differs"]}
    told(anna.post(f"/admin/documents/{cited['document_id']}/remove", json={}))
    gone = told(anna.get(f"/admin/answers/{answered['id']}/replay"))
    assert (gone["cited"][0]["fate"], gone["same"]) == ("gone", False)
    kinds = {each["what"]: (each["then"], each["now"]) for each in gone["differs"]}
    assert kinds["kind"] == ("answer", "abstention")


def deleted_with_its_message(helpdesk: Helpdesk, message_id: int) -> None:
    with writing(helpdesk.engine) as connection:
        before = connection.execute(select(func.count()).select_from(answer_records)).scalar_one()
        connection.execute(delete(messages).where(messages.c.id == message_id))
    with reading(helpdesk.engine) as connection:
        assert connection.execute(select(func.count()).select_from(answer_records)).scalar_one() == before - 1
