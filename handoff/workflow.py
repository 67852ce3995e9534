"""The model of a workflow. Each `description` says what to put there: it is the error text and the editor's help."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from handoff import conditions
from handoff.model import Model
from handoff.terms import (
    CHANNEL,
    CONDITION,
    DURATION,
    WHO,
    ZONE,
    Channel,
    Clock,
    Condition,
    Duration,
    Keeping,
    Nags,
    Who,
    Zone,
    may_be_group,
)

MAY = f"channel (its members), or a list of {WHO}"
May = Literal["channel"] | tuple[Who, ...]

MOST_FIELDS = 80  # a modal takes 100 blocks


class FieldType(StrEnum):
    """What kind of value a field takes; it decides the modal's element and the check of the answer."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    EMAIL = "email"
    LINK = "link"
    PERSON = "person"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"


class WorkingHours(Model):
    """When a person works, in their own time zone."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = Field(
        description="a list of days such as [mon, tue, wed, thu, fri]", min_length=1
    )
    from_: Clock = Field(alias="from", description='a time of day such as "09:00"')
    to: Clock = Field(description='a time of day such as "17:30"')


class PersonNote(Model):
    """What Slack and the CRM do not know of a person, a user group or a channel.

    A group's hours and holidays are those of its members, where their own note says nothing. Slack knows the zone of a
    person better.
    """

    slack: Who | None = Field(None, description=f"who this is in Slack: {WHO}")
    manager: Who | None = Field(None, description=f"this person's manager: {WHO}")
    holidays: str | None = Field(None, description="a country code such as PT", pattern="^[A-Z]{2}$")
    time_zone: Zone | None = Field(None, description=ZONE)
    working_hours: WorkingHours | Literal["always"] | None = Field(
        None, description='always, or {days: [mon, tue], from: "08:00", to: "16:00"}'
    )


class Defaults(Model):
    """What holds where a workflow says nothing else."""

    working_hours: WorkingHours | Literal["always"] = Field(
        "always", description='always, or {days: [mon, tue], from: "09:00", to: "17:30"}'
    )
    holidays: str | None = Field(None, description="a country code such as US", pattern="^[A-Z]{2}$")
    time_zone: Zone = Field("UTC", description=ZONE)
    backup_rep: Who | None = Field(None, description=f"who is asked when the rep is not in Slack: {WHO}")
    ops_channel: Channel | None = Field(None, description=CHANNEL)
    fallback_channel: Channel | None = Field(None, description=CHANNEL)
    give_up_after: Duration = Field(
        "3d", description=f"after how long something that cannot be done is given up and told: {DURATION}"
    )
    keep_finished: Keeping = Field("90d", description="how long rows of work that is done are kept: from 7d up to 366d")
    when_unsure: Literal["duplicate", "hold"] = Field(
        "duplicate", description="duplicate or hold: what to do when it cannot be seen whether a message was posted"
    )
    max_nags_per_person_per_day: int = Field(4, description="a whole number of 1 or more", ge=1)
    most_snoozes: int = Field(3, description="how often one handoff may be snoozed: a whole number of 0 or more", ge=0)
    longest_snooze: Duration = Field("7d", description=f"the furthest that reminders may be put off: {DURATION}")


class Trigger(Model):
    """What starts a handoff: a record entering a stage."""

    crm: str = Field(
        description="hubspot, salesforce, pipedrive, webhook:<source>, slack:<source> or manual",
        pattern=r"^(hubspot|salesforce|pipedrive|manual|webhook:[\w-]+|slack:[\w-]+)$",
    )
    object: str = Field("deal", description="the kind of object, such as deal", min_length=1)
    stage: str | tuple[str, ...] = Field((), description="a stage's id or label, or a list of them")
    pipeline: str | None = Field(None, description="a pipeline's id or label")
    when: Condition | None = Field(None, description=CONDITION)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages as a list, however they were written."""
        return (self.stage,) if isinstance(self.stage, str) else self.stage


class ChecklistField(Model):
    """One thing the next team needs to know."""

    key: str = Field(description="a short name such as start_date", pattern=r"^[a-z][a-z0-9_]{0,59}$")
    ask: str = Field(description="the question, up to 200 characters", min_length=1, max_length=200)
    type: FieldType = Field(description=f"one of {', '.join(FieldType)}")
    crm: str | None = Field(None, description="the CRM field it is read from and written back to")
    judgement: bool = Field(False, description="true if a person must say it, else false")
    required: bool | Condition = Field(True, description=f"true, false or {CONDITION}")
    good_answer: str | None = Field(None, description="an example of a good answer", max_length=500)
    options: tuple[str, ...] = Field((), description="a list of up to 100 choices", max_length=100)
    not_before: str | None = Field(None, description="the key or CRM field of an earlier date")
    visible_to: tuple[Who, ...] = Field((), description=f"a list of {WHO}")

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        chooses = self.type in (FieldType.CHOICE, FieldType.CHOICES)
        if chooses and not self.options:
            raise ValueError(f"a {self.type} needs options: put `options: [One, Another]`")
        if self.options and not chooses:
            raise ValueError("options go with type choice or choices: change the type or remove them")
        if len({option.casefold() for option in self.options}) < len(self.options):
            raise ValueError("two options are the same: remove one")
        if any(not option or len(option) > 75 for option in self.options):  # Slack's limit of an option's text
            raise ValueError("an option takes 1 to 75 characters: shorten it")
        if any(";" in option or option != option.strip() for option in self.options):  # no answer could ever match
            raise ValueError("an option has a ; or a space at its edge: remove it")
        return self


class Contradiction(Model):
    """Two values that cannot both be true, and what to say then."""

    when: Condition = Field(description=CONDITION)
    say: str = Field(description="a sentence that says what to do", min_length=1, max_length=300)


class BriefKeys(Model):
    """Which answers say what was promised and what the client expects next."""

    promised: str = Field(description="a key of the checklist")
    expects_next: str = Field(description="a key of the checklist")


class Exceptions(Model):
    """The flags of this workflow and who decides them; with `four_eyes` never who raised the flag."""

    flags: tuple[str, ...] = Field((), description="a list of up to 10 flags", max_length=10)
    channel: Channel = Field(description=CHANNEL)
    reviewers: tuple[Who, ...] = Field((), description=f"a list of {WHO}")
    four_eyes: bool = Field(False, description="true if whoever raised a flag may not decide on it, else false")

    @model_validator(mode="after")
    def _somebody_else_decides(self) -> Self:
        if self.four_eyes and len(self.reviewers) == 1 and not may_be_group(self.reviewers[0]):
            cure = "name a second one or a user group, or remove `reviewers` for everybody in the channel"
            raise ValueError(f"with four_eyes nobody could decide on a flag of the only reviewer: {cure}")
        return self


class Delivery(Model):
    """Where the brief goes, and who may do what with it. `hand_over_within` is the time to accept a hand-over."""

    channel: Channel = Field(description=CHANNEL)
    may_claim: May = Field("channel", description=MAY)
    may_send_back: May = Field("channel", description=MAY)
    may_pause: May = Field("channel", description=MAY)
    hand_over_within: Duration = Field("1d", description=DURATION)
    release_after: Duration | None = Field(
        None, description=f"after how long without any sign of work an owner is released: {DURATION}"
    )


class FirstTask(Model):
    """The task that starts the work. `title` is a template over `record`."""

    board: Literal["slack", "clickup", "hubspot", "salesforce", "asana", "jira"] = Field(
        "slack", description="slack, clickup, hubspot, salesforce, asana or jira"
    )
    title: str = Field(description="a title such as Kick off {{ record.name }}", min_length=1, max_length=200)
    due: Duration = Field("2d", description=DURATION)
    checklist: tuple[str, ...] = Field((), description="a list of steps", max_length=20)


class WelcomeEmail(Model):
    """The draft the owner edits and sends. Templates over `record` and `owner`."""

    subject: str = Field(description="a subject line", min_length=1, max_length=200)
    body: str = Field(description="the text of the e-mail", min_length=1)


class WriteBack(Model):
    """CRM fields that always show where the handoff stands and who owns it."""

    status: str | None = Field(None, description="the name of a CRM field")
    owner: str | None = Field(None, description="the name of a CRM field")


class Workflow(Model):
    """One kind of handoff. `name` is its key in the file; `defaults` and `people` are those of the file."""

    name: str = ""
    defaults: Defaults = Defaults()
    people: Mapping[str, PersonNote] = {}
    title: str = Field(description="a title such as Sales to delivery", min_length=1, max_length=60)
    trigger: Trigger = Field(description="{crm: hubspot, object: deal, stage: closedwon}")
    checklist: tuple[ChecklistField, ...] = Field(
        description="a list of fields, each with key, ask and type", min_length=1, max_length=MOST_FIELDS
    )
    contradictions: tuple[Contradiction, ...] = Field((), description="a list of {when, say}")
    brief: BriefKeys = Field(description="{promised: <key>, expects_next: <key>}")
    exceptions: Exceptions | None = Field(None, description="{flags, channel, reviewers}")
    delivery: Delivery = Field(description='{channel: "#delivery"}')
    first_task: FirstTask | None = Field(None, description="{title, due, checklist}")
    welcome_email: WelcomeEmail | None = Field(None, description="{subject, body}")
    write_back: WriteBack = Field(WriteBack(), description="{status, owner}")
    nags: Nags = Field(Nags(), description="{rep: [...], channel: [...]}")

    def __copy__(self) -> Self:
        """Another workflow counts anew what follows from its text."""
        copied = super().__copy__()
        for counted in ("edition", "notes"):
            copied.__dict__.pop(counted, None)
        return copied

    @cached_property
    def edition(self) -> str:
        """A digest of this text: a handoff keeps the edition it began with."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def note_of(self, email: str | None) -> PersonNote | None:
        """What the file says of a person by their e-mail address, in whichever case either is written."""
        return self.notes.get((email or "").casefold())

    @cached_property
    def notes(self) -> Mapping[str, PersonNote]:
        """What the file says of people and groups, by their names in small letters; of two spellings the first."""
        notes: dict[str, PersonNote] = {}
        for name, note in self.people.items():
            notes.setdefault(name.casefold(), note)
        return notes

    @property
    def crm_fields(self) -> tuple[str, ...]:
        """Every CRM field that must be read to decide and to write the brief."""
        named = {f.not_before for f in self.checklist if f.not_before}
        texts = [c.when for c in self.contradictions]
        texts += [f.required for f in self.checklist if isinstance(f.required, str)]
        for text in texts:
            named |= conditions.names(text)
        named -= {f.key for f in self.checklist}  # answers, not fields of the record
        named |= {f.crm for f in self.checklist if f.crm}
        named |= conditions.names(self.trigger.when) if self.trigger.when else set()  # before there is any answer
        return tuple(sorted(named))

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = list(misfits([f.key for f in self.checklist], self.brief.model_dump()))
        if not (self.trigger.stages and all(self.trigger.stages)) and self.trigger.crm != "manual":
            problems.append("trigger.stage is missing: put the stage's id or label, such as closedwon")
        if problems:
            raise ValueError("; ".join(problems))
        return self


def misfits(keys: Sequence[str], brief: Mapping[str, object]) -> Iterator[str]:
    """What does not fit together in a checklist with these keys and the `brief:` beside it."""
    for key in sorted({k for k in keys if keys.count(k) > 1}):
        yield f"the checklist has {key!r} twice: give each field its own key"
    for name in ("promised", "expects_next"):
        if brief.get(name) is not None and brief[name] not in keys:
            yield f"brief.{name} is {brief[name]!r}, which is no key of the checklist: put one of {', '.join(keys)}"
