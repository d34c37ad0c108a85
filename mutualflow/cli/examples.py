"""An example of every command, to be copied and changed; a test reads each of them as the command itself would."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    # look
    "status": ("mutualflow status brook --as ada",),
    "next": ("mutualflow next --as ada", "mutualflow next"),
    "show": (
        "mutualflow show brook readiness --as ada",
        "mutualflow show brook readiness --as ada --all",
        "mutualflow show brook readiness --as ada --changes 1..2",
    ),
    "why": ("mutualflow why brook challenge_window --as ada",),
    "tasks": ("mutualflow tasks brook --as ada",),
    "dates": ("mutualflow dates brook --as ada", "mutualflow dates brook --as ada --plan"),
    "milestones": ("mutualflow milestones brook --as ada",),
    "documents": (
        "mutualflow documents brook --as ada",
        "mutualflow documents brook --as ada --blanks business_case",
        "mutualflow documents brook --as ada --draft business_case --out business-case.pdf",
        "mutualflow documents brook --as ada --save brook/D07/1",
    ),
    "people": ("mutualflow people brook --as ada",),
    "history": ("mutualflow history brook --as ada --most 50",),
    "pathways": ("mutualflow pathways", "mutualflow pathways show registration", "mutualflow pathways check"),
    # act
    "answer": (
        "mutualflow answer brook --fact staff_transferring --value 46 --as ada",
        "mutualflow answer brook --fact premises --value not_known --as ada",
    ),
    "add-row": (
        "mutualflow add-row brook --list group_members --row m1 --values name='A nurse' --values job=Nurse --as ada",
    ),
    "retire-row": ("mutualflow retire-row brook --list group_members --row m1 --as ada",),
    "complete-list": ("mutualflow complete-list brook --list group_members --as ada",),
    "attach": (
        "mutualflow attach brook --step equality_and_data --key impact --evidence equality_assessment "
        "--path assessment.pdf --as sam",
        "mutualflow attach brook --step final_decision --key minute-5-december --comes-with record_decision "
        "--path minute.pdf --as sue",
        "mutualflow attach brook --step vision --key cover --path insurance.pdf --valid-until 2027-03-31 --as ada",
    ),
    "take-out": ("mutualflow take-out brook --step equality_and_data --key impact --reason 'Wrong file' --as sam",),
    "keep-version": ("mutualflow keep-version brook --step final_decision --document host_decision_paper --as sam",),
    "hand-over": ("mutualflow hand-over brook --step vision --to kim --as ada",),
    "submit": (
        "mutualflow submit brook --step vision --as ada",
        "mutualflow submit brook --step vision --seen 7 --as ada",
    ),
    "withdraw": ("mutualflow withdraw brook --step vision --as ada",),
    "take": ("mutualflow take brook --step vision --as kit",),
    "approve": (
        "mutualflow approve brook --step vision --as kit",
        "mutualflow approve brook --step go_live --happened-on 2025-04-01 --as sam",
    ),
    "approve-subject-to": (
        "mutualflow approve-subject-to brook --step business_case "
        "--conditions 'pension_cost|A certificate of the pension cost|pat|2024-10-31|milestone:staff_transfer' "
        "--as fin",
    ),
    "return": (
        "mutualflow return brook --step readiness --reason 'Say who covers, and until when' --points leads_time "
        "--as sam",
    ),
    "record-decision": (
        "mutualflow record-decision brook --step final_decision --outcome yes --decided-on 2024-12-05 "
        "--minute minute-5-december --votes '9 for' --as sue",
        "mutualflow record-decision brook --step final_decision --outcome deferred --next-on 2025-01-16 "
        "--minute minute-5-december --decided-on 2024-12-05 --as sue",
    ),
    "check-decision": ("mutualflow check-decision brook --step final_decision --as hugh",),
    "waive": ("mutualflow waive brook --step temperature_check --reason 'The staff voted already' --as ada",),
    "reopen": ("mutualflow reopen brook --step readiness --reason 'The lead is leaving' --as ada",),
    "confirm": ("mutualflow confirm brook --step first_board_meeting --reason 'Read again; it stands' --as ada",),
    "file": ("mutualflow file brook --step registration --reference AS-1 --sent-on 2025-01-14 --as lex",),
    "record-answer": (
        "mutualflow record-answer brook --step registration --answer registered --answered-on 2025-01-27 "
        "--certificate certificate --as lex",
        "mutualflow record-answer brook --step registration --answer refused --answered-on 2025-01-20 "
        "--certificate letter --reasons 'The name ends otherwise' --as lex",
    ),
    "lay-task": (
        "mutualflow lay-task brook --key rota --title 'A rota for the summer' --owner kit --due-on 2024-05-31 "
        "--holds step --holds-key business_plan --as ada",
    ),
    "done": ("mutualflow done brook --task pension_cost --as pat",),
    "accept": ("mutualflow accept brook --task pension_cost --as fin",),
    "withdraw-task": ("mutualflow withdraw-task brook --task rota --reason 'Not needed any more' --as ada",),
    "plan": (
        "mutualflow plan brook --milestone go_live --day 2025-04-01 --as ada",
        "mutualflow plan brook --milestone go_live --day 2025-06 --reason 'The lease is late' --as ada",
    ),
    "agree-due-date": ("mutualflow agree-due-date brook --step pension_route --due-on 2024-09-30 --as pat",),
    "note": ("mutualflow note brook --step readiness --text 'The list is on the shared drive' --as ada",),
    "ask": ("mutualflow ask brook --step readiness --of sam --text 'Is half a day enough?' --key cover --as ada",),
    "answer-note": ("mutualflow answer-note brook --note cover --text 'No, a day a week' --as sam",),
    "make-statement": (
        "mutualflow make-statement brook --step staff_ballot --text 'The branch was not asked' --as uma",
    ),
    "give-role": (
        "mutualflow give-role brook --person kit --role staff_member --side group --as ada",
        "mutualflow give-role brook --person sam --role host_sponsor --side host --organisation trust --as ada",
    ),
    "confirm-role": ("mutualflow confirm-role brook --person sam --role host_sponsor --as pam",),
    "end-role": ("mutualflow end-role brook --person kit --role staff_member --successor 'nobody yet' --as kit",),
    "be-away": ("mutualflow be-away brook --since 2024-07-01 --until 2024-07-15 --stand-in kim --as ada",),
    "pause": ("mutualflow pause brook --reason 'Waiting for the election' --review-on 2024-09-02 --as ada",),
    "resume": ("mutualflow resume brook --as ada",),
    "end": ("mutualflow end brook --outcome first_year_complete --reason 'The first year is over' --as ada",),
    "adopt": ("mutualflow adopt brook --steps vision=2023-09-04 --steps service_scope=2023-10 --as ada",),
    "open-put-right": ("mutualflow open-put-right brook --step registration --reason 'The office was wrong' --as lex",),
    # run
    "init": ("mutualflow init",),
    "start": (
        "mutualflow start brook --name 'Brook Street' --host 'trust|Host Trust|nhs_body' "
        "--member 'sam|host_sponsor|host|trust' --member 'kit|staff_member|group' --as ada",
    ),
    "person": ("mutualflow person ada --name 'Ada Lead' --email ada@example.org",),
    "vouch": ("mutualflow vouch brook --person sam --role host_sponsor",),
    "prescribed": ("mutualflow prescribed list", "mutualflow prescribed load asset-lock.yaml"),
    "remind": ("mutualflow remind",),
    "walk": ("mutualflow walk", "mutualflow walk brook"),
    "timetable": ("mutualflow timetable",),
    "audit": ("mutualflow audit verify --replay",),
    "replay": ("mutualflow replay history.yaml", "mutualflow replay history.yaml --keep"),
    "demo": ("mutualflow demo --out out",),
    "serve": ("mutualflow serve --port 8000",),
    "practise": ("mutualflow practise",),
}
