"""The words of the pages on which an act is done: a heading, what it says, and a button. One table for every act."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ActWords:
    """`says`: what is told above the button. `fields`: name of a field -> its label and hint, in the order shown."""

    heading: str
    button: str
    says: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    weighty: bool = False  # a red button: it cannot simply be taken back


_WHY = {"reason": ("Why?", "Everybody who may see the step can read this.")}
APPROVING = (
    "You approve what is listed on this page, in the role that is named here.",
    "You do not confirm that the law is satisfied, nor act for anyone else.",
    "If any of it changes, your approval ends and you are told.",
)

ANSWERED: Mapping[str, str] = {
    "approve": "You have approved it",
    "approve_subject_to": "You have approved it subject to conditions",
    "return": "You have returned it",
    "record_decision": "The decision is recorded",
    "check_decision": "You have checked the minute",
}
"""What is said to whoever has just answered what was sent."""

ON_A_STEP: Mapping[str, ActWords] = {
    "take": ActWords("Say that you are looking at it", "I am looking at it", ("Others can still act.",)),
    "approve": ActWords(
        "Approve",
        "Approve",
        APPROVING,
        {
            "note": ("A note for the group (optional)", ""),
            "happened_on": (
                "The day on which it happened",
                "Needed where yours is the last approval of a milestone.",
            ),
        },
    ),
    "approve_subject_to": ActWords(
        "Approve subject to conditions",
        "Approve subject to these",
        (*APPROVING, "Each condition becomes a task of the person whom you name. You say when it is met."),
        {
            "conditions": ("Conditions", "Fill in as many as you need."),
            "note": ("A note for the group (optional)", ""),
        },
    ),
    "return": ActWords(
        "Return it",
        "Return it",
        ("It goes back to the group, who mend it and send it again.",),
        {
            "reason": ("What has to be mended, and why?", "Whoever has to mend it reads this."),
            "points": ("What you point at (optional)", "Choose all that are meant."),
        },
    ),
    "record_decision": ActWords(
        "Record what was decided",
        "Record the decision",
        (
            "You record what the body decided; you do not decide for it.",
            "Where you prepared it yourself, somebody of another side checks the minute.",
        ),
        {
            "outcome": ("What did they decide?", ""),
            "decided_on": ("On what day?", ""),
            "minute": ("The minute or letter", "Attach it to this step first."),
            "votes": ("Votes (optional)", "As the minute gives them."),
            "version": ("Which version of the document had they? (optional)", "Its number, as printed on it."),
            "conditions": ("Conditions, where there are any", "Each becomes a task."),
            "next_on": ("Day of the next meeting, where it was put off", ""),
            "reason": ("Reason, where they said no", ""),
            "outside": ("It was decided before it was sent here", ""),
        },
    ),
    "check_decision": ActWords(
        "Check the minute",
        "The minute is genuine",
        ("You say that you have opened the minute and that it says what was recorded.",),
    ),
    "file": ActWords(
        "Say what was sent to the register",
        "It was sent",
        (),
        {"reference": ("Reference (optional)", "Yours or the register’s."), "sent_on": ("On what day?", "")},
    ),
    "record_answer": ActWords(
        "Record the register’s answer",
        "Record the answer",
        (),
        {
            "answer": ("What did they answer?", ""),
            "answered_on": ("The day on the certificate or letter", ""),
            "certificate": ("The certificate or letter", "Attach it to this step first."),
            "reasons": ("Their reasons, where they refused", ""),
        },
    ),
    "withdraw": ActWords("Take it back", "Take it back", ("Nobody can answer it until you send it again.",)),
    "waive": ActWords("Leave this step out", "Leave it out", ("You can take it up again later.",), _WHY),
    "reopen": ActWords(
        "Open it again",
        "Open it again",
        ("What was approved is no longer approved. Whoever approved it is told.",),
        _WHY,
        weighty=True,
    ),
    "confirm": ActWords(
        "Say that it still stands", "It still stands", (), {"reason": ("Why does it still stand?", "")}
    ),
    "open_put_right": ActWords(
        "Correct what was filed or signed",
        "Open the correction",
        ("A step for the correction opens. What was filed or signed stays in the history as it was.",),
        {"reason": ("What was wrong?", "")},
        weighty=True,
    ),
    "hand_over": ActWords(
        "Hand it over", "Hand it over", (), {"to": ("Who takes it over?", "Only people who hold the role are listed.")}
    ),
    "agree_due_date": ActWords(
        "Say by when you will have done it", "Agree this day", (), {"due_on": ("By which day?", "")}
    ),
    "make_statement": ActWords(
        "Put a statement on the record",
        "Put it on the record",
        ("Nobody else can take it off. Whoever may see this step can read it. It is listed when the step is sent.",),
        {"text": ("Your statement", "")},
    ),
    "note": ActWords("Write a note", "Write it", (), {"text": ("Your note", ""), "audience": ("Who may read it?", "")}),
    "ask": ActWords(
        "Ask somebody before you send",
        "Ask",
        (),
        {
            "of": ("Whom do you ask?", ""),
            "text": ("Your question", ""),
            "audience": ("Who may read it?", ""),
        },
    ),
}

ON_A_PROJECT: Mapping[str, ActWords] = {
    "plan": ActWords(
        "Plan a day",
        "Plan it",
        ("Every plan is kept: what was planned first stays beside it.",),
        {
            "milestone": ("What is planned?", ""),
            "day": ("For which day?", "A month or a year alone will do."),
            "reason": ("Why does it move? (only where it was planned before)", ""),
        },
    ),
    "lay_task": ActWords(
        "Give somebody a task",
        "Give it",
        (),
        {
            "title": ("What has to be done?", ""),
            "owner": ("Who owes it?", ""),
            "due_on": ("By which day? (optional)", ""),
        },
    ),
    "be_away": ActWords(
        "Say that you are away",
        "I am away",
        ("It is shown wherever somebody waits for you. Who stands in holds one of your roles and gets your work.",),
        {
            "since": ("First day away", ""),
            "until": ("First day back", ""),
            "stand_in": ("Who stands in? (optional)", ""),
        },
    ),
    "confirm_role": ActWords(
        "Confirm somebody’s role",
        "Confirm it",
        ("You say that this person is who she says she is, and acts for that side.",),
        {"person": ("Who?", ""), "role": ("In which role?", "")},
    ),
    "end_role": ActWords(
        "End a role",
        "End it",
        ("What was done in the role stays. The last holder of a needed role names who follows, or “nobody yet”.",),
        {"person": ("Whose?", ""), "role": ("Which role?", ""), "successor": ("Who follows? (optional)", "")},
        weighty=True,
    ),
    "pause": ActWords(
        "Pause the project",
        "Pause it",
        ("Reminders stop. Dates of law go on running.",),
        {"reason": ("Why?", ""), "review_on": ("When is it looked at again?", "")},
    ),
    "resume": ActWords("Take the project up again", "Take it up again"),
    "end": ActWords(
        "End the project",
        "End it",
        ("After that it can only be read.",),
        {"outcome": ("How did it end?", ""), "reason": ("Why?", "")},
        weighty=True,
    ),
}
"""Acts on the project as a whole."""
