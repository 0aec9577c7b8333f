"""Chunks: cut by structure first, and only where a clause is too long at the ends of its sentences."""

from knowledge.model import Clause, ClauseKind, StoredClause
from retrieval.index.chunks import MAX_CHARACTERS, chunked, pieces

SENTENCE = "申请人应当自收到通知之日起三十日内补正全部材料，并对其真实性负责。"


def stored(
    text: str, number: str = "第三条", path: tuple[str, ...] = ("第二章 申请",), question: str = ""
) -> StoredClause:
    return StoredClause("d.1.1", "d", Clause(1, number, path, text, ClauseKind.ARTICLE, question))


def test_a_clause_that_fits_is_one_chunk_with_its_number_title_and_path() -> None:
    (chunk,) = chunked("d", "《居住证办法》", [stored("第三条 申领居住证应当提交下列材料。")])
    assert chunk.text == "第三条 申领居住证应当提交下列材料。"
    assert chunk.heading == "居住证办法 第二章 申请"
    assert (chunk.document_id, chunk.clause_id) == ("d", "d.1.1")


def test_a_long_clause_is_cut_at_sentence_ends_and_nothing_is_lost() -> None:
    text = "第三条 " + SENTENCE * 40
    made = chunked("d", "办法", [stored(text)])
    assert len(made) > 2
    assert all(len(chunk.text) <= MAX_CHARACTERS and chunk.text.endswith("。") for chunk in made)
    assert "".join(chunk.text for chunk in made) == text
    assert made[0].text.startswith("第三条")
    assert all("第三条" in chunk.heading for chunk in made[1:])


def test_text_without_any_sentence_end_is_cut_all_the_same() -> None:
    assert "".join(pieces("长" * 1000)) == "长" * 1000
    assert max(map(len, pieces("长" * 1000))) <= MAX_CHARACTERS


def test_blank_clauses_give_no_chunk() -> None:
    assert chunked("d", "办法", [stored(" \n ")]) == []


def test_the_question_of_a_pair_goes_into_the_heading() -> None:
    (chunk,) = chunked("d", "问答", [stored("可以。", number="", path=(), question="孩子能随迁入户吗？")])
    assert chunk.heading == "问答 孩子能随迁入户吗？"


def test_ids_stay_while_document_place_and_text_do() -> None:
    before, after = (chunked("d", title, [stored("第三条 甲。")]).pop() for title in ("旧名", "新名"))
    assert before.id == after.id
    assert before.content_hash != after.content_hash
    assert chunked("e", "旧名", [stored("第三条 甲。")])[0].id != before.id
    assert int(before.id, 16) >= 0


def test_the_same_words_twice_in_one_place_are_two_chunks() -> None:
    made = chunked("d", "办法", [stored("同上。"), stored("同上。")])
    assert len({chunk.id for chunk in made}) == 2
    assert len({chunk.content_hash for chunk in made}) == 1
