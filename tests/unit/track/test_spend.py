"""Lists of spend: what a value means, what a list writes, what is refused, and undo."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration import rollup, soql, spending
from integration.errors import Rejected
from integration.model import spend
from integration.model.roi import cents
from integration.model.vocabulary import ChannelKind
from integration.records import Channel, ExchangeRate, JobRequisition, Operations, SourceResult, SourceSpend


@pytest.mark.parametrize(
    ("text", "month"),
    [("2026-05", "2026-05"), ("2026-5-31", "2026-05"), ("05/2026", "2026-05"), ("May 2026", "2026-05"),
     ("sept 2026", None), ("September  2026", "2026-09"), ("2026-13", None), ("2026-05-99", None), ("03/04/2026", None),
     ("", None), ("٢٠٢٦-05", None)],
)  # fmt: skip
def test_a_month_is_read_or_refused(text, month):
    if month is None:
        with pytest.raises(spend.Wrong) as wrong:
            spend.month_of(text)
        assert (wrong.value.column, wrong.value.code) == ("Month", "MONTH_INVALID")
    else:
        assert spend.month_of(text) == month


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1234.5", "1234.50"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("€ 1 234,5", "1234.50"),
     ("1,234", "1234"),
     ("1.234.567", "1234567"), ("0", "0"), ("-3", None), ("1,23,456", None), ("1.2.3", None), ("1,234.567,8", None),
     ("abc", None), ("", None), ("=1+1", None), ("1e9", None), ("9" * 16, None)],
)  # fmt: skip
def test_an_amount_is_read_or_refused(text, amount):
    if amount is None:
        with pytest.raises(spend.Wrong) as wrong:
            spend.amount_of(text)
        assert wrong.value.code in ("AMOUNT_INVALID", "AMOUNT_NEGATIVE")
    else:
        assert spend.amount_of(text) == Decimal(amount)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(0, 10**14))
def test_an_amount_reads_the_same_however_it_is_written(number):
    whole, rest = divmod(number, 100)
    for text in (f"{whole}.{rest:02}", f"{whole:,}.{rest:02}", f"{whole:,}".replace(",", ".") + f",{rest:02}"):
        assert spend.amount_of(text) == Decimal(number) / 100


@pytest.mark.parametrize(("amount", "rounded"), [("0.005", "0.01"), ("2.675", "2.68"), ("31.2525", "31.25")])
def test_half_a_cent_is_rounded_up(amount, rounded):
    assert cents(Decimal(amount)) == Decimal(rounded)


@pytest.fixture
def record(app, org):
    """The Operations record of an org with a channel and a job."""
    make = app.salesforce.create
    make(Channel.API_NAME, {"Name": "=Nurse board", Channel.KEY: "nurses", Channel.KIND: ChannelKind.JOB_BOARD})
    make(Channel.API_NAME, {"Name": "Twins", Channel.KEY: "a", Channel.KIND: ChannelKind.JOB_BOARD})
    make(Channel.API_NAME, {"Name": "Twins", Channel.KEY: "b", Channel.KIND: ChannelKind.JOB_BOARD})
    make(JobRequisition.API_NAME, {"Name": "Night nurse", JobRequisition.TITLE: "N", JobRequisition.ATS_ID: "R-1"})
    rate = {ExchangeRate.CURRENCY_ISO: "USD", ExchangeRate.MONTH: "2026-01-01", ExchangeRate.RATE: 0.9}
    make(ExchangeRate.API_NAME, {ExchangeRate.KEY: "USD-1", **rate})
    return make(Operations.API_NAME, {Operations.NAME: "Warmbench", Operations.KEY: "service"})


GOOD = """Channel;Job;Month;Cost;Currency;Type;Invoice
nurses;;2026-05;1.234,56;EUR;;A-1
=Nurse board;R-1;May 2026;100;usd;Budget;
=Nurse board;R-1;May 2026;100;usd;Budget;
"""
BAD = """Channel,Month,Amount,Currency
nurses,2026-05,10,EUR
nobody,2026-05,10,EUR
Twins,2026-05,10,EUR
nurses,Smarch,10,EUR
nurses,2026-05,-1,EUR
nurses,2026-05,10,Euro
,2026-05,10,EUR
nurses,2026-05,"10,EUR
"""


def loaded(app, record, text, name="spend.csv"):
    app.salesforce.attach_file(record, name, text.encode("utf-8-sig"))
    return spending.load(app, record)


def spends(app):
    fields = [SourceSpend.ID, SourceSpend.AMOUNT, SourceSpend.CURRENCY_ISO, SourceSpend.KIND, SourceSpend.MONTH]
    rows = app.salesforce.query(soql.select(SourceSpend.API_NAME, fields, order_by=[SourceSpend.AMOUNT, "Id"]))
    return [tuple(row.values()) for row in rows]


def table(app, record, name):
    version, found = app.salesforce.attached_file(record)
    assert found == name
    text = b"".join(app.salesforce.read_file(version)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_list_becomes_spend_once_however_often_it_comes(app, record):
    assert loaded(app, record, GOOD) == "“spend.csv”: 3 added, 0 changed, 0 were there already, 0 rejected."
    before = spends(app)
    assert [row[1:] for row in before] == [(100, "USD", "Budget", "2026-05-01")] * 2 + [
        (1234.56, "EUR", "Actual", "2026-05-01")
    ]
    assert "0 added, 0 changed, 3 were there already" in loaded(app, record, GOOD, "again.csv")
    assert spends(app) == before
    rollup.run(app)
    [row] = app.salesforce.query(
        soql.select(SourceResult.API_NAME, [SourceResult.BUDGET_HOME, SourceResult.SPEND_HOME],
                    where=soql.compare(SourceResult.REQUISITION, "!=", None))
    )  # fmt: skip
    assert list(row.values()) == [180, 0]


def test_an_invoice_line_that_comes_corrected_is_changed_and_undo_restores_it(app, record):
    loaded(app, record, GOOD)
    before = spends(app)
    corrected = GOOD.replace("1.234,56", "1.200,00")
    assert "0 added, 1 changed, 2 were there already" in loaded(app, record, corrected, "b.csv")
    assert spends(app)[-1][1] == 1200
    assert spending.undo(app, record) == "“b.csv” is undone: 0 rows removed, 1 restored."
    assert spends(app) == before
    assert spending.undo(app, record) == "“spend.csv” is undone: 3 rows removed, 0 restored."
    assert spends(app) == []
    with pytest.raises(Rejected, match="nothing to undo"):
        spending.undo(app, record)
    assert "3 added" in loaded(app, record, GOOD)


def test_what_a_person_changed_stays_when_the_list_is_undone(app, record):
    loaded(app, record, GOOD)
    last = spends(app)[-1][0]
    app.salesforce.update(SourceSpend.API_NAME, last, {SourceSpend.AMOUNT: 7})
    assert spending.undo(app, record).endswith("2 rows removed, 0 restored. 1 were changed since and stay.")
    assert [row[0] for row in spends(app)] == [last]


def test_bad_rows_come_back_with_reason_and_remedy_and_good_ones_go_on(app, record):
    told = loaded(app, record, BAD)
    assert told.startswith("“spend.csv”: 1 added, 0 changed, 0 were there already, 7 rejected. The first, line 3: no ")
    rows = table(app, record, "spend - rejected rows.csv")
    assert [(row["Line"], row["Column"], row["Code"]) for row in rows] == [
        ("3", "Channel", "NOT_FOUND"), ("4", "Channel", "SEVERAL"), ("5", "Month", "MONTH_INVALID"),
        ("6", "Amount", "AMOUNT_NEGATIVE"), ("7", "Currency", "CURRENCY_INVALID"), ("8", "Channel", "NO_SUBJECT"),
        ("9", "", "LINE_UNREADABLE"),
    ]  # fmt: skip
    assert all(row["Reason"] for row in rows)
    assert [row["Remedy"] for row in rows[:6]].count("") == 0
    # Without a new file, the list itself is meant; corrected, the file of rejected rows can be loaded.
    assert "0 added, 0 changed, 1 were there already, 7 rejected" in spending.load(app, record)
    fixed = (
        "Channel,Month,Amount,Currency,Line,Column,Code,Reason,Remedy\nnurses,2026-06,10,EUR,3,Channel,NOT_FOUND,x,y\n"
    )
    assert "1 added, 0 changed, 0 were there already, 0 rejected" in loaded(app, record, fixed, "fixed.csv")


@pytest.mark.parametrize(
    ("text", "told"),
    [("a,b\n1,2\n", "no column for month and amount and channel, campaign or requisition"), ("", "is empty"),
     ("PK\x03\x04x", "is no text"), ("Channel,Month\nx,2026-05\n", "no column for amount")],
)  # fmt: skip
def test_what_is_no_list_of_spend_is_told(app, record, text, told):
    app.salesforce.attach_file(record, "spend.csv", text.encode() or b"\n")
    with pytest.raises(Rejected, match=told):
        spending.load(app, record)


def test_the_export_is_what_the_records_say_to_the_cent(app, org, record):
    loaded(app, record, GOOD)
    rollup.run(app)
    for row in app.salesforce.query(soql.select(SourceResult.API_NAME, [SourceResult.ID])):
        app.salesforce.update(SourceResult.API_NAME, str(row["Id"]), {SourceResult.CLICKS: 7, SourceResult.HIRES: 3})
    assert spending.export(app, record).endswith("2 rows by channel, campaign, job and month.")
    rows = table(app, record, "Source results 2026-03-02.csv")
    assert {row["Channel"] for row in rows} == {"'=Nurse board"}
    [sums] = org.rows("SELECT SUM(Spend_Home__c) spend, SUM(Budget_Home__c) budget, SUM(Clicks__c) clicks "
                      "FROM Source_Result__c")  # fmt: skip
    assert sum(Decimal(row["Spend"]) for row in rows) == Decimal(str(sums["spend"])) == Decimal("1234.56")
    assert sum(Decimal(row["Budget"]) for row in rows) == Decimal(str(sums["budget"]))
    assert sum(int(row["Clicks"]) for row in rows) == sums["clicks"] == 14
    [spent] = [row for row in rows if row["Spend"] != "0.00"]
    assert (spent["Cost per click"], spent["Cost per hire"], spent["Cost per visit"]) == ("176.37", "411.52", "")
    screen = org.rows("SELECT Cost_Per_Click__c, Cost_Per_Hire__c FROM Source_Result__c WHERE Spend_Home__c > 0")[0]
    assert [str(cents(value)) for value in screen.values()] == ["176.37", "411.52"]
