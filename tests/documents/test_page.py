"""The page: numbers as text, links that lead somewhere, nothing that a fact could bend."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mutualflow.documents.page import Links, fragment, paper
from mutualflow.domain.document import missing
from mutualflow.domain.material import Mark, Material, long_view
from mutualflow.domain.numbering import number
from tests.documents.founding import draft, edited, full, paper_of, read, template, with_fact

VOID = {"meta", "br"}


class Tags(HTMLParser):
    """Collects tags and ids and holds that every tag is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.attributes: set[str] = set()
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.targets.append((value or "")[1:])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """<rect/> and the like of the drawings."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    assert parser.open == []
    return parser


@pytest.mark.parametrize("said", [full(), draft()])
def test_the_paper_is_whole_and_every_link_leads_somewhere(said: Material) -> None:
    html, _ = paper_of(said)
    seen = tags(html)
    assert len(set(seen.ids)) == len(seen.ids)
    assert set(seen.targets) <= set(seen.ids)
    assert "style" not in seen.attributes
    steps = list(zip(seen.headings, seen.headings[1:], strict=False))
    assert seen.headings[0] == 1
    assert all(after <= before + 1 for before, after in steps), "headings have a gap"


def test_numbers_and_references_are_text() -> None:
    html, _ = paper_of(full())
    assert '<span class="n">3.2 </span>The money may be called for' in html
    assert '<a class="ref" href="#quorum">Article\u00a07</a> says' in html
    assert '<a class="ref" href="#use-debts">Article\u00a03.2(a)</a> still' in html
    assert '<a class="term" href="#t-member">Member</a>' in html


def test_a_fragment_has_prefixed_ids_and_blanks_as_links() -> None:
    document, one = read(draft()), template()
    links = Links("d1-", lambda key: f"/questions/{key}")
    html = fragment(document, one.about, number(document), links, 3)
    seen = tags(html)
    assert all(ident.startswith("d1-") for ident in seen.ids)
    assert '<a class="blank" href="/questions/locked_body">[body that receives what is left]</a>' in html
    assert "<html" not in html
    assert min(seen.headings) == 3
    assert {t for t in seen.targets if not t.startswith("d1-")} == set()


def test_a_hostile_fact_is_escaped_everywhere() -> None:
    said = '"><script>x</script>'
    html, _ = paper_of(with_fact("body_name", long_view("body_name", said)))
    assert "<script" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_a_draft_says_what_is_missing_and_who_supplies_it() -> None:
    html, _ = paper_of(draft())
    assert "5 things are still to be supplied, listed at the end. Not for filing." in html
    assert "[Official text goes here, word for word: the promise about assets]" in html
    assert html.count("To be decided. This stands only if:") == 3
    last = html[html.index('<section class="gaps">') :]
    for gap in missing(read(draft())):
        assert gap.words[1:] in last
    assert "<td>founders</td>" in last
    assert "Still to be supplied" not in paper_of(full())[0]


def test_sources_and_caution_are_read_before_one_signs() -> None:
    html, _ = paper_of(draft())
    order = [html.index(one) for one in ("Sources</h2>", "not legal advice", '<section class="signatures">', "gaps")]
    assert order == sorted(order)
    letter, _ = paper_of(full("notice_letter"), "notice_letter")
    assert letter.index('<section class="signatures">') < letter.index("not legal advice")


def test_unverified_law_says_so() -> None:
    html, _ = paper_of(full())
    assert "Source: LAWA s.3; LAWA s.12 (check with your adviser)" in html
    assert "Invented regulations about promises (check with your adviser)" in html
    assert "An invented Act about companies, in force since 2006</dd>" in html


def test_a_stand_in_for_official_text_says_so() -> None:
    assert "Sample stand-in, not the official text." in paper_of(full())[0]


@pytest.mark.parametrize("mark", list(Mark))
def test_the_mark_is_on_the_paper_and_hidden_from_readers(mark: Mark) -> None:
    html, _ = paper_of(replace(full(), mark=mark))
    said = f'<div class="mark" aria-hidden="true">{mark.value}</div>'
    assert (said in html) == bool(mark)


def test_the_drawing_has_words_for_every_bar() -> None:
    html, _ = paper_of(full())
    title = html[html.index("<title>Bars") : html.index("</title>", html.index("<title>Bars"))]
    assert "Write the business case: 15 April 2024 to 30 September 2024" in title
    assert "First day: 1 April 2025" in title
    assert 'font-family="House Sans"' in html


def clean_of(said: Material) -> str:
    """The page of the fixture as it would be filed."""
    document, one = read(said), template()
    return paper(document, one.about, number(document), said, clean=True)


def test_what_is_filed_carries_nothing_that_was_said_to_those_who_drafted_it() -> None:
    draft_page, filed = paper_of(full())[0], clean_of(replace(full(), mark=Mark.NONE))
    for words in ("LAWA", "check with your adviser", "Sources", "mutualflow from answers", "Checksum", "Status"):
        assert words in draft_page
        assert words not in filed
    for clause in ("promises to pay up to", "sells nothing for less than it is worth"):
        assert clause in filed


def test_a_stand_in_says_so_even_where_it_would_be_filed() -> None:
    assert "Sample stand-in, not the official text." in clean_of(full())


def test_what_is_filed_still_says_on_every_page_which_version_it_is() -> None:
    said = full()
    assert f'data-number="{said.number}" data-version="{said.version}"' in clean_of(said)


def test_a_line_that_leads_to_a_table_stays_with_it() -> None:
    html, _ = paper_of(full())
    assert re.search(r'<p class="c0 lead num" id="seats">', html)


def test_paragraphs_under_one_open_condition_share_one_notice(tmp_path: Path) -> None:
    three = "".join(f'<p when="has_council">Part {n} of the say of the council.</p>' for n in (1, 2, 3))
    one = edited(tmp_path, ("{{ f.purpose }}", f"For all.<p>Before.</p>{three}<p>After.</p>"))
    document = read(draft(), one)
    html = fragment(document, one.about, number(document))
    notice = "To be decided. These 3 paragraphs stand only if: "
    assert html.count(notice) == 1
    assert html.index("Before.") < html.index(notice) < html.index("Part 1 of the say")
    assert "To be decided" not in html[html.index("Part 1 of the say") : html.index("After.")]


def test_only_a_line_that_asks_and_says_nothing_else_stands_back(tmp_path: Path) -> None:
    one = edited(tmp_path, ("{{ f.purpose }}", "<p>What it is for:</p><p>{{ f.body_name }}</p>"))
    html = fragment(read(one=one), one.about, number(read(one=one)))
    assert '<p class="c0 lead asks">What it is for:</p>' in html
    said = edited(tmp_path / "said", ("{{ f.purpose }}", "<p>It is old. What it is for:</p><p>{{ f.body_name }}</p>"))
    assert '<p class="c0 lead">It is old. What it is for:</p>' in fragment(
        read(one=said), said.about, number(read(one=said))
    )
