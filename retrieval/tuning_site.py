"""A site's own texts and questions to tune on: clauses in force, golden questions, questions that clauses answer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from knowledge.golden import Cited, Expected, GoldenQuestion, Said, problem
from knowledge.model import Standing, StoredClause
from knowledge.questions import bare_question
from knowledge.repeals import bare_title
from knowledge.store import DocumentStore
from knowledge.validity import clause_standing_on
from retrieval.beir import Asked, Benchmark, Text


class Site:
    """The clauses in force on a day, each a text of its own; a clause that answers a question stands without it."""

    def __init__(self, store: DocumentStore, today: date) -> None:
        self.texts: list[Text] = []
        self._questions: list[Asked] = []
        self._clauses: dict[str, list[tuple[Cited, str]]] = defaultdict(list)  # by document id and by bare title
        days = store.clause_days()
        for document in store.documents():
            title = document.metadata.title
            for stored in store.clauses(document.id):
                standing = clause_standing_on(document.metadata, days.get(stored.id), today)
                if standing is Standing.IN_FORCE and stored.clause.text.strip():
                    self._add(document.id, title, stored)

    def of(self, document: str, clause: str = "", words: Sequence[str] = ()) -> list[str]:
        """The ids of the texts of a document (id or title), of one clause of it, of those that hold all `words`."""
        known = self._clauses.get(document) or self._clauses.get(bare_title(document)) or []
        expected = Expected(document, clause, tuple(words))
        return [id_ for cited, id_ in known if not problem(expected, Said(cited.quote, (cited,)))]

    def benchmark(self, golden: Iterable[GoldenQuestion]) -> Benchmark:
        """The texts, and as questions those of clauses and the golden ones whose document is known and in force."""
        asked = list(self._questions)
        for each in golden:
            found = self.of(each.expected.document, each.expected.clause, each.expected.words)
            if each.expected.document and found:
                asked.append(Asked(f"golden:{each.id}", each.question, dict.fromkeys(found, 1)))
        return Benchmark(self.texts, asked)

    def _add(self, document_id: str, title: str, stored: StoredClause) -> None:
        clause, question = stored.clause, stored.clause.question
        path = [part for part in clause.path if not question or question not in part]
        self.texts.append(Text(stored.id, " ".join([title, *path]), clause.text))
        cited = Cited(document_id, title, clause.locator, clause.text)
        for key in {document_id, bare_title(title)}:
            self._clauses[key].append((cited, stored.id))
        if question:
            self._questions.append(Asked(stored.id, bare_question(question), {stored.id: 1}))
