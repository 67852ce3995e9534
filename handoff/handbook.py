"""The model of handoffs.yml as a whole: its workflows, and what they share.

It reads no file: `bot/config.py` brings the data and the line numbers.
"""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from handoff.model import Model
from handoff.terms import Known, is_email
from handoff.workflow import Defaults, PersonNote, Workflow


class Handbook(Model):
    """The whole file: every workflow by name."""

    version: Literal[1] = Field(description="1")
    defaults: Defaults = Field(Defaults(), description="{backup_rep, ops_channel, …}")
    people: dict[Known, PersonNote] = Field(
        {}, description="an e-mail address, @user-group or #channel and {manager, slack, working_hours, holidays}"
    )
    workflows: dict[str, Workflow] = Field(
        description="a name such as sales-to-delivery and its workflow", min_length=1
    )

    @field_validator("people")
    @classmethod
    def _only_people_have_managers(cls, people: dict[str, PersonNote]) -> dict[str, PersonNote]:
        for name, note in people.items():
            if not is_email(name) and (note.manager or note.slack):
                said = "put only working_hours, holidays and time_zone there"
                raise ValueError(f"{name!r} has a manager or another name in Slack, which only an address can: {said}")
        return people

    @field_validator("workflows", mode="before")
    @classmethod
    def _only_their_own_keys(cls, workflows: object) -> object:
        for name, workflow in workflows.items() if isinstance(workflows, dict) else ():
            for key in ("name", "defaults", "people") if isinstance(workflow, dict) else ():
                if key in workflow:
                    raise ValueError(f"{name!r} has a key {key!r}: it belongs to the whole file, move it out")
        return workflows

    @model_validator(mode="after")
    def _share(self) -> Self:
        """Give each workflow its name and the file's defaults: its edition holds all it depends on."""
        told = {
            name: w.model_copy(update={"name": name, "defaults": self.defaults, "people": self.people})
            for name, w in self.workflows.items()
        }
        object.__setattr__(self, "workflows", told)
        return self
