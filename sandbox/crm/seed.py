"""What the toy CRM starts with. Fictional people and companies; data only, no logic.

Dates are days from today, so that the demo never looks old: `+14` is in two weeks.
"""

from dataclasses import dataclass

from sandbox.crm.model import Owner, Pipeline, Stage

WON = "closedwon"
WON_EXPANSION = "6f0d2c1e-9a44-4b7d-8f53-2e71c0a9d5b8"

# Ids come as a word, as digits and as a UUID, as they do in accounts that grew over years.
PIPELINES = (
    Pipeline(
        "default",
        "Sales",
        (
            Stage("appointmentscheduled", "Appointment scheduled", "0.2"),
            Stage("1039847712", "Scope agreed", "0.5"),
            Stage("contractsent", "Contract sent", "0.9"),
            Stage(WON, "Closed won", "1.0"),
            Stage("closedlost", "Closed lost", "0.0"),
        ),
    ),
    Pipeline(
        "731904562",
        "Expansion",
        (
            Stage("1187430925", "In talks", "0.3"),
            Stage("1187430926", "Offer sent", "0.7"),
            Stage(WON_EXPANSION, "Expansion won", "1.0"),
            Stage("1187430928", "Not now", "0.0"),
        ),
    ),
)

OWNERS = (
    Owner("3418820141", 61200411, "sam@example.com", "Sam", "Okafor"),
    Owner("3418820142", 61200412, "ana@example.com", "Ana", "Lima"),
    # Slack knows neither Marta nor Dana's old address; Joris has left.
    Owner("3418820143", 61200413, "marta@example.net", "Marta", "Quist"),
    Owner("3418820144", 61200414, "dana@old-domain.example", "Dana", "Weiss"),
    Owner("3418820145", 61200415, "joris@example.com", "Joris", "Veld", archived=True),
    Owner("3418820146", 61200416, "priya@example.com", "Priya", "Nair"),
    Owner("3418820147", 61200417, "rui@example.com", "Rui", "Costa"),
)


@dataclass(frozen=True)
class SeedDeal:
    """One deal to start with: its company, its contact (first, last, e-mail, title) and its properties."""

    company: str
    domain: str
    contact: tuple[str, str, str, str] | None
    owner: str
    properties: dict[str, str]
    stage: str = "contractsent"
    pipeline: str = "default"
    close_in_days: int = 0
    start_in_days: int | None = None
    name: str | None = None


# Markup, direction marks, joined emoji, control characters: whatever a rep may paste.
HOSTILE_TEXT = (
    "<!channel> <!here> <@U1> <#C1|general> <https://evil.example|ok> *bold* _it_ `code` ~no~ &amp; & < > "
    "\u202egnp.exe\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 "
    "\u65e5\u672c\u8a9e\u306e\u5951\u7d04 \U0001f469\u200d\U0001f4bb \u0007\u0000\u001b[31m {{ 7*7 }} {% raw %} "
    "'; DROP TABLE deals;--"
)

SEED_DEALS = (
    SeedDeal(
        "Fjordlight Robotics",
        "fjordlight.example",
        ("Ingrid", "Solheim", "ingrid@fjordlight.example", "Head of Operations"),
        "sam@example.com",
        {
            "amount": "48000",
            "discount": "0",
            "signed_scope_url": "https://docs.example.com/scopes/fjordlight-v3",
            "client_expects_next": "A kickoff call before the end of next week, with the integration engineer",
            "kickoff_preference": "Call",
        },
        start_in_days=14,
    ),
    SeedDeal(
        "Meridian Clinics",
        "meridianclinics.example",
        ("Tomás", "Ferro", "tomas@meridianclinics.example", "IT Director"),
        "ana@example.com",
        {
            "amount": "125000.50",
            "discount": "0",
            "buyer_goals": "Appointments confirmed without a phone call in all nine clinics, before the flu season",
            "signed_scope_url": "https://docs.example.com/scopes/meridian-final",
            "promised_deliverables": "Booking for nine clinics, training for 40 receptionists, data of 2024 moved",
            "client_expects_next": "A project plan with dates for each clinic by Friday",
            "pricing_exceptions": "None",
            "risk_notes": "Two clinics still run the old database; their vendor answers slowly",
            "kickoff_preference": "On site",
        },
        start_in_days=21,
    ),
    SeedDeal(
        "Harbour & Vine",
        "harbourvine.example",
        ("Noor", "Haddad", "noor@harbourvine.example", "Owner"),
        "marta@example.net",
        {"amount": "9600", "discount": "0", "signed_scope_url": "https://docs.example.com/scopes/harbour-vine"},
        start_in_days=10,
    ),
    SeedDeal(
        "Zeroth & Daughters",
        "zeroth.example",
        ("<!here>", "O'Neil <b>", "zero+tag@zeroth.example", "CEO & \u202eredael"),
        "sam@example.com",
        {
            "amount": "1",
            "buyer_goals": HOSTILE_TEXT,
            "promised_deliverables": HOSTILE_TEXT + "\n> quoted\u2028```\u2028- item",
            "risk_notes": ("The cellar floods in May. " * 400)[:10_000],
            "signed_scope_url": "https://docs.example.com/a?b=1&c=<script>alert(1)</script>",
            "client_expects_next": "N/A",
        },
        name="Zeroth <!channel> & Daughters | <https://evil.example|ok>",
    ),
    SeedDeal(
        "Northwind Bakeries",
        "northwindbakeries.example",
        ("Bea", "Lindqvist", "bea@northwindbakeries.example", "Finance Lead"),
        "ana@example.com",
        {
            "amount": "31500",
            "discount": "15",
            "buyer_goals": "One invoice per month for all 23 shops, first one in January",
            "signed_scope_url": "https://docs.example.com/scopes/northwind",
        },
        start_in_days=30,
    ),
    SeedDeal(
        "Quarrystone Estates",
        "quarrystone.example",
        ("Dov", "Amsel", "dov@quarrystone.example", "Facilities"),
        "sam@example.com",
        {"amount": "7250", "discount": "0"},
        stage="appointmentscheduled",
        close_in_days=20,
    ),
    SeedDeal(
        "Tidewater Schools",
        "tidewater.example",
        None,
        "dana@old-domain.example",
        {"amount": "18000", "discount": "5"},
        stage="1039847712",
        close_in_days=12,
    ),
    SeedDeal(
        "Palegreen Logistics",
        "palegreen.example",
        ("Yuki", "Mori", "yuki@palegreen.example", "COO"),
        "joris@example.com",
        {"amount": "64000", "client_expects_next": "An answer about customs papers"},
        stage="1039847712",
        close_in_days=9,
    ),
    SeedDeal(
        "Copperfield Press",
        "copperfield.example",
        ("Ruth", "Abara", "ruth@copperfield.example", "Publisher"),
        "ana@example.com",
        {"amount": "5400", "description": "Went with another vendor over the price."},
        stage="closedlost",
        close_in_days=-6,
    ),
    SeedDeal(
        "Fjordlight Robotics",
        "fjordlight.example",
        ("Ingrid", "Solheim", "ingrid@fjordlight.example", "Head of Operations"),
        "sam@example.com",
        {"amount": "12000", "discount": "0", "client_expects_next": "Seats for the second plant"},
        stage="1187430926",
        pipeline="731904562",
        close_in_days=5,
        name="Fjordlight Robotics, second plant",
    ),
)
