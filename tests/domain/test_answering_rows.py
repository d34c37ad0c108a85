"""Names of rows become part of clause ids in documents: what a document could not print is refused at once."""

import pytest

from mutualflow.documents.markup import ID
from mutualflow.domain import acts
from mutualflow.domain.errors import Refusal
from tests.honest import Honest, real_pathway

LEAD = "staff_lead-group-1"


@pytest.mark.parametrize("key", ["r1", "1", "two_words", "a-b", "7-up_x", "a" * 40])
def test_a_row_takes_a_name_that_documents_can_print(key: str) -> None:
    assert Honest(real_pathway()).refused(LEAD, acts.AddRow(list="group_members", row=key)) is None
    assert ID.fullmatch(f"sign-{key}")


@pytest.mark.parametrize("key", ["", "r-", "r--x", "-r", "_r", "R1", "é", "a b", "a/b", "a" * 41, "r\n"])
def test_a_row_takes_no_other_name(key: str) -> None:
    refused = Honest(real_pathway()).refused(LEAD, acts.AddRow(list="group_members", row=key))
    assert refused is not None
    assert refused.code is Refusal.INVALID_VALUE
