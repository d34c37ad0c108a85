"""Looking: one person before one formation. Every reading service takes a Look and shows only what she may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from mutualflow.domain.applies import Reading
from mutualflow.domain.awaited import people_for
from mutualflow.domain.desk import role_words
from mutualflow.domain.formation import Awaited, Evidence, Formation, Membership
from mutualflow.domain.keys import NOT_KNOWN, Audience
from mutualflow.domain.law import LawBook
from mutualflow.domain.material import view_fact
from mutualflow.domain.pathway import Party, Pathway, Question, QuestionType, say
from mutualflow.domain.permissions import sees
from mutualflow.services import pathways
from mutualflow.services.acting import check_member
from mutualflow.storage import formations, people

WITHHELD = "an answer that you do not see"


@dataclass(frozen=True, slots=True)
class Look:
    """A formation as it stands, and who looks at it. Made by `look`; its methods keep walls and names."""

    db: Connection
    formation: Formation
    pathway: Pathway
    reading: Reading
    law: LawBook
    by: str
    today: date
    mine: tuple[Membership, ...]
    names: Mapping[str, str]

    def sees(self, audience: Audience) -> bool:
        """May she see what is for this audience?"""
        return sees(self.mine, audience)

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Every audience whose things she sees."""
        return tuple(a for a in Audience if self.sees(a))

    def name(self, person: str) -> str:
        """A person's name, or her key where no name is known; '' for nobody."""
        return self.names.get(person) or person

    def organisation(self, key: str) -> str:
        """An organisation's name; '' for none."""
        known = self.formation.organisations.get(key)
        return known.name if known else key

    def title(self, step: str) -> str:
        """A step's title; '' for none."""
        known = self.pathway.steps.get(step)
        return say(known.title) if known else step.replace("_", " ")

    def question(self, key: str) -> Question | None:
        """The question, or None where it is a list, unknown, or not for her."""
        known = self.pathway.questions.get(key)
        return known if known is not None and self.sees(known.audience) else None

    def sees_key(self, key: str) -> bool:
        """May she see this question or list?"""
        if key in self.pathway.lists:
            return self.sees(self.pathway.lists[key].audience)
        name = key.removesuffix("_complete")
        if key not in self.pathway.questions and name in self.pathway.lists:
            return self.sees(self.pathway.lists[name].audience)
        question = self.pathway.questions.get(key)
        return question is None or self.sees(question.audience)

    def label(self, key: str) -> str:
        """What a question or list is called; withheld where she may not see it."""
        if not self.sees_key(key):
            return "a question that you do not see"
        if key in self.pathway.lists:
            return say(self.pathway.lists[key].label)
        question = self.pathway.questions.get(key)
        return say(question.label) if question else key.replace("_", " ")

    def said(self, question: Question, text: str | None) -> str:
        """An answer in words; '' where there is none."""
        if text is None:
            return ""
        if text == NOT_KNOWN:
            return "we do not know"
        if question.type in (QuestionType.PERSON, QuestionType.ORGANISATION):
            return self.names.get(text) or self.organisation(text)
        return "\n\n".join((view := view_fact(question, text, "")).paragraphs) or view.text or ""

    def waits(self) -> tuple[Awaited, ...]:
        """What is waited for, as far as she may know: a question put to somebody is between the two of them."""
        return tuple(e for e in self.formation.awaited.values() if e.what != "answer" or e.person == self.by)

    def waited_for(self, entry: Awaited) -> tuple[str, ...]:
        """Keys of the people who are waited for."""
        return people_for(self.pathway, self.formation, entry, self.today)

    def files(self, step: str = "") -> tuple[Evidence, ...]:
        """Files that she may see, of a step or all; those taken out included."""
        return tuple(
            e
            for e in sorted(self.formation.evidence.values(), key=lambda e: e.event)
            if step in ("", e.step) and self.sees(e.audience)
        )

    def held_by(self, party: Party) -> tuple[str, ...]:
        """Who holds a role for a side today, confirmed."""
        return tuple(
            dict.fromkeys(
                m.person
                for m in self.formation.members
                if (m.role, m.side) == (party.role, party.side) and m.current(self.today) and m.moves
            )
        )

    def people_words(self, parties: Iterable[Party]) -> str:
        """Roles in words, each once."""
        return " or ".join(dict.fromkeys(role_words(p.role, p.side) for p in parties))


def look(db: Connection, key: str, *, by: str, today: date, law: LawBook) -> Look:
    """One person before one formation; UNKNOWN_KEY for whoever has no role in it. The load, and a query for names."""
    formation = formations.load(db, key)
    check_member(formation, key, by, today)
    assert formation is not None
    pathway = pathways.of(db, formation.release)
    mine = tuple(m for m in formation.members if m.person == by and m.current(today))
    names = people.names(db, [m.person for m in formation.members])
    return Look(db, formation, pathway, law.read(pathway, formation), law, by, today, mine, names)
