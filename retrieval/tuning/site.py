"""A site's own texts and questions to tune on: clauses in force, golden questions, questions that clauses answer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from knowledge.golden import Cited, Expected, GoldenAnswer, GoldenQuestion, problem
from knowledge.law.validity import clause_standing_on
from knowledge.model import Standing, StoredClause
from knowledge.notation.document_names import bare_title
from knowledge.reading.faq import bare_question
from knowledge.store.documents import DocumentStore
from retrieval.evaluation.beir import Benchmark, JudgedQuestion, Text


class Site:
    """The clauses in force on a day, each a text of its own.

    A clause that answers a question stands without that question.
    """

    def __init__(self, store: DocumentStore, today: date) -> None:
        self.texts: list[Text] = []
        self._questions: list[JudgedQuestion] = []
        self._clauses: dict[str, list[tuple[Cited, str]]] = defaultdict(list)  # by document id and by bare title
        days = store.clause_days()
        for document in store.documents():
            title = document.metadata.title
            for stored in store.clauses(document.id):
                standing = clause_standing_on(document.metadata, days.get(stored.id), today)
                if standing is Standing.IN_FORCE and stored.clause.text.strip():
                    self._add(document.id, title, stored)

    def of(self, document: str, clause: str = "", words: Sequence[str] = ()) -> list[str]:
        """Return the ids of a document's texts (by id or title): all, those of one clause, those with all `words`."""
        known = self._clauses.get(document) or self._clauses.get(bare_title(document)) or []
        expected = Expected(document, clause, tuple(words))
        return [id_ for cited, id_ in known if not problem(expected, GoldenAnswer(cited.quote, (cited,)))]

    def benchmark(self, golden: Iterable[GoldenQuestion]) -> Benchmark:
        """Return the texts with their questions.

        The questions are those that clauses answer, and the golden ones whose document is known and in force.
        """
        asked = list(self._questions)
        for each in golden:
            found = self.of(each.expected.document, each.expected.clause, each.expected.words)
            if each.expected.document and found:
                asked.append(JudgedQuestion(f"golden:{each.id}", each.question, dict.fromkeys(found, 1)))
        return Benchmark(self.texts, asked)

    def _add(self, document_id: str, title: str, stored: StoredClause) -> None:
        clause, question = stored.clause, stored.clause.question
        path = [part for part in clause.path if not question or question not in part]
        self.texts.append(Text(stored.id, " ".join([title, *path]), clause.text))
        cited = Cited(document_id, title, clause.locator, clause.text)
        for key in {document_id, bare_title(title)}:
            self._clauses[key].append((cited, stored.id))
        if question:
            self._questions.append(JudgedQuestion(stored.id, bare_question(question), {stored.id: 1}))
