"""What the story makes before it begins."""

from datetime import date

from integration import soql
from integration.demo.recruiter import Recruiter
from integration.demo.seed import SPENT, set_up
from integration.local.fidelity._org import served_org
from integration.local.stack import Status
from integration.records import JobRequisition, SourceSpend


def test_a_run_opens_and_spends_on_the_days_of_a_stack_whose_clock_was_moved(tmp_path):
    with served_org(tmp_path) as org:
        recruiter = Recruiter(status_of(org))
        set_up(recruiter, 1, date(2031, 5, 17))
        months = recruiter.query(soql.select(SourceSpend.API_NAME, [SourceSpend.MONTH]))
        opened = recruiter.query(soql.select(JobRequisition.API_NAME, [JobRequisition.OPENED_ON]))
    assert [row[SourceSpend.MONTH] for row in months] == ["2031-05-01"] * len(SPENT)
    assert [row[JobRequisition.OPENED_ON] for row in opened] == ["2031-05-17"]


def status_of(org):
    unused = "http://127.0.0.1:1"
    return Status(
        org=org.url, org_token=org.token, site=unused, mailbox=unused, console=unused, aws=unused, sources=unused,
        aws_region="eu-west-1", stack="test", pid=0, version="0",
    )  # fmt: skip
