"""Several workflows from one folder, in a running Baton: side by side, on one record."""

from pathlib import Path
from typing import Any

from tests.running import ROOT, Running, running_baton, wait_for
from tests.security.presses import press, send

# Its one question is answered in the CRM already, so its brief comes at once.
SCOPE_TO_SALES = """\
version: 1
defaults: {ops_channel: "#sales"}
workflows:
  scope-to-sales:
    title: Scope to sales
    trigger: {crm: hubspot, stage: Closed Won}
    checklist: [{key: scope, ask: Link to the signed scope, type: link, crm: signed_scope_url}]
    brief: {promised: scope, expects_next: scope}
    delivery: {channel: "#sales"}
"""


def folder(tmp_path: Path) -> str:
    there = tmp_path / "workflows"
    there.mkdir()
    (there / "a.yml").write_text(SCOPE_TO_SALES, encoding="utf-8")
    (there / "b.yml").write_text((ROOT / "handoffs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return str(there)


def standing(baton: Running) -> dict[str, Any]:
    """Where each handoff stands, by its workflow."""
    return {handoff.workflow: handoff for handoff in baton.baton.flow.store.search(None, 10)}


def test_one_deal_passes_through_two_workflows_at_once(tmp_path: Path) -> None:
    with running_baton(tmp_path, BATON_CONFIG=folder(tmp_path)) as baton:
        baton.post(f"crm/deals/{baton.deal('Meridian Clinics')['id']}/move", stage="Closed won")
        wait_for(lambda: baton.messages("sam", "#sales") and baton.messages("priya", "#delivery"))

        send(baton, press(baton, standing(baton)["sales-to-delivery"].id))
        wait_for(lambda: standing(baton)["sales-to-delivery"].owner)

        found = standing(baton)
        assert {name: str(handoff.status) for name, handoff in found.items()} == {
            "sales-to-delivery": "owned",
            "scope-to-sales": "unclaimed",
        }
        assert len({handoff.record.ref.key for handoff in found.values()}) == 1


def test_one_deal_waits_in_one_workflow_and_goes_on_in_the_other(tmp_path: Path) -> None:
    with running_baton(tmp_path, BATON_CONFIG=folder(tmp_path)) as baton:
        baton.post(f"crm/deals/{baton.deal('Harbour & Vine')['id']}/move", stage="Closed won")
        wait_for(lambda: baton.messages("sam", "#sales"))

        wait_for(lambda: len(standing(baton)) == 2)
        assert {name: str(handoff.status) for name, handoff in standing(baton).items()} == {
            "sales-to-delivery": "collecting",
            "scope-to-sales": "unclaimed",
        }
