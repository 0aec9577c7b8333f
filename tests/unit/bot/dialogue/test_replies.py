"""Where an answer can be read on: our own page of the document where people reach it, else its issuer's."""

from dataclasses import asdict
from datetime import date

from bot.dialogue.replies import plain_text
from desk.message_body import CitedClause, MessageBody, OfferedChoice
from desk.web.addresses import cited_clause
from retrieval.model import Citation

QUOTE = Citation(
    "办法", "江府〔2026〕1号", "第一条", "六十岁以上", date(2026, 1, 1), "https://example.org/a", "a.md", "d1", "d1.2.3"
)


def test_a_citation_names_the_documents_page_at_the_clause() -> None:
    assert cited_clause(QUOTE).link == "/documents/d1?clause=d1.2.3#cited"


def test_a_citation_of_no_stored_document_names_none() -> None:
    assert cited_clause(Citation("办法", "", "", "", None, "", "")).link == ""


def test_plain_text_leads_to_our_page_only_where_applicants_reach_it() -> None:
    body = MessageBody(citations=(cited_clause(QUOTE),))
    public = plain_text("答", body, "https://help.example.org")
    assert public.endswith(
        "《办法》（江府〔2026〕1号）第一条\nhttps://help.example.org/documents/d1?clause=d1.2.3#cited"
    )
    assert plain_text("答", body).endswith("《办法》（江府〔2026〕1号）第一条\nhttps://example.org/a")


def test_citations_stored_before_there_were_pages_keep_their_address() -> None:
    old = {key: value for key, value in asdict(cited_clause(QUOTE)).items() if key != "link"}
    body = MessageBody.from_json({"citations": [old]})
    assert plain_text("答", body, "https://help.example.org").endswith("\nhttps://example.org/a")
    bare = MessageBody.from_json({"citations": [old | {"url": ""}]})
    assert plain_text("答", bare).endswith("第一条")


def test_what_is_offered_stands_under_the_question_back_shortened_and_without_a_basis() -> None:
    long = OfferedChoice("居住证办法", "一" * 200, (CitedClause("居住证办法"),))
    told = plain_text("您要问的是：", MessageBody("clarification", choices=(OfferedChoice("助餐", "每餐3元。"), long)))
    assert told == f"您要问的是：\n\n助餐\n每餐3元。\n\n居住证办法\n{'一' * 119}…"
