"""The tables of the fake Dataverse: their columns, and what two languages call them."""

from dataclasses import dataclass, field

DONE_BY = ("createdby", "modifiedby", "createdonbehalfby", "modifiedonbehalfby")
OWNED = {
    "ownerid": "lookup",
    "createdon": "time",
    "modifiedon": "time",
    "statecode": "choice",
    "statuscode": "choice",
    **dict.fromkeys(DONE_BY, "lookup"),
}
MONEYED = {"transactioncurrencyid": "lookup"}


@dataclass(frozen=True)
class Schema:
    """A table: ``columns`` by the kind of their values, as the database has them."""

    name: str
    collection: str
    key: str
    primary: str
    columns: dict[str, str]
    choices: dict[str, dict[int, str]] = field(default_factory=dict[str, dict[int, str]])
    labels: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    @property
    def kinds(self) -> dict[str, str]:
        """Return the columns as the Web API has them: a lookup is ``_name_value``."""
        found = {
            f"_{name}_value" if kind == "lookup" else name: kind
            for name, kind in self.columns.items()
        }
        return found | {self.key: "guid"}


def _table(  # noqa: PLR0913, PLR0917 - a table of tables
    name: str,
    collection: str,
    key: str,
    primary: str,
    text: str,
    more: dict[str, str] | None = None,
    choices: dict[str, dict[int, str]] | None = None,
    labels: dict[str, tuple[str, str]] | None = None,
) -> Schema:
    columns = dict.fromkeys(text.split(), "text") | OWNED | (more or {})
    state = {"statecode": {0: "Active", 1: "Inactive", 2: "Closed", 3: "Scheduled"}}
    return Schema(name, collection, key, primary, columns, state | (choices or {}), labels or {})


PHONE = {"telephone1": ("Main Phone", "Hoofdtelefoon"), "ownerid": ("Owner", "Eigenaar")}
SCHEMAS = {
    s.name: s
    for s in (
        _table(
            "account",
            "accounts",
            "accountid",
            "name",
            "name accountnumber telephone1 address1_city websiteurl emailaddress1",
            {"address1_composite": "memo", "revenue": "money", "primarycontactid": "lookup"}
            | {"industrycode": "choice", "parentaccountid": "lookup"}
            | MONEYED,
            {"industrycode": {1: "Accounting", 2: "Agriculture"}},
            PHONE
            | {"revenue": ("Annual Revenue", "Jaaromzet"), "websiteurl": ("Website", "Website")},
        ),
        _table(
            "contact",
            "contacts",
            "contactid",
            "fullname",
            "fullname firstname lastname telephone1 mobilephone emailaddress1 jobtitle "
            "address1_city",
            {"address1_composite": "memo", "parentcustomerid": "lookup"},
            None,
            PHONE | {"parentcustomerid": ("Company Name", "Bedrijfsnaam")},
        ),
        _table(
            "opportunity",
            "opportunities",
            "opportunityid",
            "name",
            "name stepname",
            {
                "parentaccountid": "lookup",
                "customerid": "lookup",
                "estimatedvalue": "money",
                "estimatedclosedate": "day",
            }
            | MONEYED,
            None,
            {"estimatedvalue": ("Est. revenue", "Geschatte omzet")},
        ),
        _table(
            "lead",
            "leads",
            "leadid",
            "fullname",
            "fullname companyname subject telephone1 emailaddress1",
            None,
            {"statuscode": {1: "New", 2: "Contacted"}},
        ),
        _table(
            "incident",
            "incidents",
            "incidentid",
            "title",
            "title ticketnumber",
            {"customerid": "lookup", "prioritycode": "choice"},
            {
                "statuscode": {1: "In Progress", 2: "On Hold"},
                "prioritycode": {1: "High", 2: "Normal", 3: "Low"},
            },
            {"statuscode": ("Status Reason", "Statusreden")},
        ),
        _table("quote", "quotes", "quoteid", "name", "name", {"customerid": "lookup"}),
        _table(
            "activitypointer",
            "activitypointers",
            "activityid",
            "subject",
            "subject",
            {"regardingobjectid": "lookup", "actualend": "time"},
        ),
        _table(
            "appointment",
            "appointments",
            "activityid",
            "subject",
            "subject",
            {"regardingobjectid": "lookup", "scheduledstart": "time"},
        ),
        _table(
            "phonecall",
            "phonecalls",
            "activityid",
            "subject",
            "subject",
            {"regardingobjectid": "lookup"},
        ),
        _table(
            "task", "tasks", "activityid", "subject", "subject", {"regardingobjectid": "lookup"}
        ),
        Schema(
            "audit",
            "audits",
            "auditid",
            "action",
            {"action": "choice", "createdon": "time"}
            | {"userid": "lookup", "callinguserid": "lookup"},
        ),
        Schema(
            "systemuser",
            "systemusers",
            "systemuserid",
            "fullname",
            {"fullname": "text", "internalemailaddress": "text", "isdisabled": "bool"}
            | {"azureactivedirectoryobjectid": "guid", "applicationid": "guid"},
        ),
        Schema("team", "teams", "teamid", "name", {"name": "text"}),
        Schema(
            "transactioncurrency",
            "transactioncurrencies",
            "transactioncurrencyid",
            "currencyname",
            {"currencyname": "text", "isocurrencycode": "text"},
        ),
    )
}
BY_COLLECTION = {schema.collection: schema for schema in SCHEMAS.values()}
