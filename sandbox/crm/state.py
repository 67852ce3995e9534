"""The CRM's memory and its few rules: the single truth for the API, the board and the webhooks.

Says what changed; sends nothing and knows no HTTP. Touched from one event loop only, so it needs no lock.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sandbox.crm.calls import Calls
from sandbox.crm.faults import Faults
from sandbox.crm.model import COMPANIES, CONTACTS, DEALS, Change, Merge, Owner, Pipeline, Record, Stage
from sandbox.crm.schema import PROPERTIES, Complaint, clean, created_property, iso, modified_property
from sandbox.crm.seed import OWNERS, PIPELINES, SEED_DEALS, SeedDeal
from sandbox.crm.webhook import Outbox

# Beyond 2^31 on purpose: HubSpot's ids are.
FIRST_ID = 29_417_300_501


class Refused(Exception):
    """Values that the CRM does not take; carries one complaint per property."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__("; ".join(complaint.message for complaint in complaints))
        self.complaints = complaints


@dataclass
class Crm:
    """Everything the toy CRM remembers. `version` rises with each change a page must see."""

    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)
    records: dict[str, dict[str, Record]] = field(default_factory=lambda: {kind: {} for kind in PROPERTIES})
    faults: Faults = field(default_factory=Faults)
    outbox: Outbox = field(default_factory=Outbox)
    calls: Calls = field(default_factory=Calls)
    last_id: int = FIRST_ID - 1
    version: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    on_change: Callable[[], None] | None = None  # told of each change, e.g. to wake pages that wait elsewhere

    def __post_init__(self) -> None:
        self.outbox.on_change = self.touch

    @classmethod
    def seeded(cls, now: datetime | None = None) -> "Crm":
        """The CRM as a demo begins: two pipelines, seven owners, ten deals."""
        crm = cls({p.id: p for p in PIPELINES}, {o.id: o for o in OWNERS})
        for seed in SEED_DEALS:
            crm.plant(seed, now or datetime.now(UTC))
        return crm

    def close(self) -> None:
        """Stop the webhooks under way and let go of the boards that wait: for a reset, before this CRM is dropped."""
        self.outbox.close()
        self.changed.set()

    def touch(self) -> None:
        """Say that something visible changed: wakes the boards that wait."""
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()
        if self.on_change is not None:
            self.on_change()

    def find(self, kind: str, record_id: str, *, archived: bool = False) -> Record | None:
        """A record that is not archived, or with `archived` one that is. For a merged one: what it was merged into."""
        record = self.records[kind].get(record_id)
        while record is not None and record.merged_into is not None:
            record = self.records[kind].get(record.merged_into)
        return record if record is not None and record.archived == archived else None

    def all(self, kind: str) -> list[Record]:
        """Records that are not archived, oldest first."""
        return [record for record in self.records[kind].values() if not record.archived]

    def bin(self, pipeline: Pipeline) -> list[Record]:
        """The deals of a pipeline that were deleted; not those that became part of another."""
        deals = [deal for deal in self.records[DEALS].values() if deal.properties["pipeline"] == pipeline.id]
        return [deal for deal in deals if deal.archived and deal.merged_into is None]

    def linked(self, record: Record, kind: str) -> list[Record]:
        """What a record is associated with, archived ones left out."""
        found = (self.find(kind, other) for other in record.links.get(kind, []))
        return [other for other in found if other is not None]

    def find_owner(self, who: str) -> Owner | None:
        """An owner by id, e-mail, full name or first name."""
        key = who.casefold()
        for owner in self.owners.values():
            if key in {owner.id, owner.email, owner.name.casefold(), owner.first_name.casefold()}:
                return owner
        return None

    def stage_of(self, deal: Record) -> Stage | None:
        """The stage a deal is in; None when its pipeline does not know it."""
        pipeline = self.pipelines.get(deal.properties.get("pipeline", ""))
        return pipeline.find_stage(deal.properties.get("dealstage", "")) if pipeline else None

    def create(self, kind: str, properties: Mapping[str, object], source: str) -> tuple[Record, list[Change]]:
        """A new record. Raises Refused; a deal without pipeline or stage starts at the first one."""
        now = datetime.now(UTC)
        given = {**self._first_stage(properties), **properties} if kind == DEALS else dict(properties)
        record = Record(kind, str(self.last_id + 1), {}, now, now)
        values = self._check(record, given)
        missing = [p for p in PROPERTIES[kind].values() if p.required and not values.get(p.name)]
        if missing:
            raise Refused([Complaint(p.name, f"{p.name} is required", "MISSING_REQUIRED_PROPERTY") for p in missing])
        self.last_id += 1
        self.records[kind][record.id] = record
        record.properties = {created_property(kind): iso(now), "hs_object_id": record.id}
        changes = [Change(record.id, None, None, source, now, "creation"), *self._write(record, values, source, now)]
        return record, changes

    def change(self, record: Record, properties: Mapping[str, object], source: str) -> list[Change]:
        """Write properties; all or none. Raises Refused. A value that was there before is not a change."""
        return self._write(record, self._check(record, properties), source, datetime.now(UTC))

    def archive(self, record: Record, source: str) -> list[Change]:
        """Move a record to the bin; one that is there already stays as it is."""
        if record.archived:
            return []
        record.archived = True
        return [Change(record.id, None, None, source, self._stamp(record), "deletion")]

    def restore(self, record: Record, source: str) -> list[Change]:
        """Take a record out of the bin, with all it had."""
        record.archived = False
        return [Change(record.id, None, None, source, self._stamp(record), "restore")]

    def merge(self, loser: Record, winner: Record, source: str, *, anew: bool = False) -> tuple[Record, list[Change]]:
        """Make one record of two of a kind: the winner's values stand, the loser's fill what it lacks.

        With `anew` a third record is made and both become part of it, as HubSpot's own pages do with deals:
        https://developers.hubspot.com/changelog/announcement-deals-now-support-merging
        """
        kept = self._copy(winner) if anew else winner
        moved = {name: value for name, value in loser.properties.items() if value and not kept.properties.get(name)}
        kept.properties.update(moved)
        gone = [loser, winner] if anew else [loser]
        for record in gone:
            record.archived, record.merged_into = True, kept.id
            for other in [one for kind in record.links for one in self.linked(record, kind)]:
                self.link(kept, other)
        merge = Merge(winner.id, (loser.id,), len(moved))
        return kept, [Change(kept.id, None, None, source, self._stamp(kept), "merge", merge)]

    def link(self, left: Record, right: Record) -> None:
        """Associate two records, seen from both sides; both count as changed."""
        for one, other in ((left, right), (right, left)):
            ids = one.links.setdefault(other.kind, [])
            if other.id not in ids:
                ids.append(other.id)
                self._stamp(one)
        self.touch()

    def plant(self, seed: SeedDeal, now: datetime) -> Record:
        """Put one seed deal in place, with its company and contact; those it shares with another are reused."""
        owner = self.find_owner(seed.owner)
        start = {} if seed.start_in_days is None else {"start_date": _day(now, seed.start_in_days)}
        deal, _ = self.create(
            DEALS,
            {
                "dealname": seed.name or seed.company,
                "pipeline": seed.pipeline,
                "dealstage": seed.stage,
                "hubspot_owner_id": owner.id if owner else "",
                "closedate": f"{_day(now, seed.close_in_days)}T00:00:00Z",
                "deal_currency_code": "EUR",
                **start,
                **seed.properties,
            },
            "IMPORT",
        )
        self.link(deal, self._find_or_create(COMPANIES, "domain", {"name": seed.company, "domain": seed.domain}))
        if seed.contact:
            names = dict(zip(("firstname", "lastname", "email", "jobtitle"), seed.contact, strict=True))
            self.link(deal, self._find_or_create(CONTACTS, "email", names))
        return deal

    def _find_or_create(self, kind: str, key: str, properties: Mapping[str, str]) -> Record:
        for record in self.all(kind):
            if record.properties.get(key) == properties[key]:
                return record
        return self.create(kind, properties, "IMPORT")[0]

    def _first_stage(self, properties: Mapping[str, object]) -> dict[str, str]:
        wanted = properties.get("pipeline") or next(iter(self.pipelines), "")
        pipeline = self.pipelines.get(str(wanted))
        return {"pipeline": pipeline.id, "dealstage": pipeline.stages[0].id} if pipeline else {}

    def _check(self, record: Record, properties: Mapping[str, object]) -> dict[str, str]:
        cleaned = {name: clean(record.kind, name, value) for name, value in properties.items()}
        complaints = [value for value in cleaned.values() if isinstance(value, Complaint)]
        values = {name: value for name, value in cleaned.items() if isinstance(value, str)}
        complaints += self._check_owner(values)
        if record.kind == DEALS and {"pipeline", "dealstage"} & values.keys():
            complaints += self._check_stage({**record.properties, **values})
        if complaints:
            raise Refused(complaints)
        return values

    def _check_owner(self, values: Mapping[str, str]) -> list[Complaint]:
        owner = values.get("hubspot_owner_id")
        if not owner or owner in self.owners:
            return []
        return [Complaint("hubspot_owner_id", f"{owner} was not a valid owner ID.", "INVALID_OWNER_ID")]

    def _check_stage(self, after: Mapping[str, str]) -> list[Complaint]:
        pipeline = self.pipelines.get(after.get("pipeline", ""))
        if pipeline is None:
            known = ", ".join(self.pipelines)
            text = f"{after.get('pipeline')} was not one of the allowed options: [{known}]"
            return [Complaint("pipeline", text, "INVALID_OPTION")]
        ids = [stage.id for stage in pipeline.stages]
        if after.get("dealstage") in ids:
            return []
        text = f"{after.get('dealstage')} was not one of the allowed options: [{', '.join(ids)}]"
        return [Complaint("dealstage", text, "INVALID_OPTION")]

    def _write(self, record: Record, values: Mapping[str, str], source: str, now: datetime) -> list[Change]:
        changed = {name: value for name, value in values.items() if record.properties.get(name, "") != value}
        record.properties.update(changed)
        self._stamp(record, now)
        if record.kind == DEALS:
            stage = self.stage_of(record)
            record.properties["hs_is_closed_won"] = str(stage is not None and stage.probability == "1.0").lower()
        return [Change(record.id, name, value, source, now) for name, value in changed.items()]

    def _stamp(self, record: Record, now: datetime | None = None) -> datetime:
        """Say that a record has changed, and when: by at least a millisecond later than the last time.

        So "was it written since" can be told from the value.
        """
        record.updated_at = max(now or datetime.now(UTC), record.updated_at + timedelta(milliseconds=1))
        record.properties[modified_property(record.kind)] = iso(record.updated_at)
        self.touch()
        return record.updated_at

    def _copy(self, record: Record) -> Record:
        """A new record with the values of another, and nothing linked to it."""
        now = datetime.now(UTC)
        self.last_id += 1
        copy = Record(record.kind, str(self.last_id), dict(record.properties), now, now)
        copy.properties |= {created_property(copy.kind): iso(now), "hs_object_id": copy.id}
        self.records[copy.kind][copy.id] = copy
        return copy


def _day(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).date().isoformat()
