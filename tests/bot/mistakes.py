"""A good handoffs.yml, and every mistake that somebody may make in it with what they are told."""

GOOD = """\
version: 1
defaults:
  backup_rep: ops@example.com
people:
  sam@example.com: {manager: rui@example.com}
workflows:
  sales-to-delivery:
    title: Sales to delivery
    trigger: {crm: hubspot, stage: Closed Won}
    checklist:
      - key: goals
        ask: What do they care about
        type: long_text
      - {key: kickoff, ask: How, type: choice, options: [Call, On site]}
    brief: {promised: goals, expects_next: goals}
    delivery: {channel: "#delivery"}
    first_task: {title: "Kick off {{ record.name }}", due: 2d}
    nags:
      rep:
        - {after: 2h, to: rep}
        - {every: 1d, to: rep, at_most: 5}
"""

# What stands in GOOD, what somebody wrote instead, and what they are told.
MISTAKES = [
    ("version: 1", "version: 2", "f.yml:1: version: 2 does not fit here. Put 1."),
    (
        "backup_rep: ops",
        "backup_repp: ops",
        "f.yml:3: defaults.backup_repp: there is no such key. Did you mean `backup_rep`?",
    ),
    (
        "ops@example.com",
        "Ops Team",
        (
            "f.yml:3: defaults.backup_rep: 'Ops Team' names nobody. Put who is asked when the rep is not in Slack: "
            "an e-mail address, @handle, @user-group or a Slack id."
        ),
    ),
    (
        "rui@example.com",
        "5",
        (
            "f.yml:5: people.sam@example.com.manager: 5 does not fit here. Put this person's manager: "
            "an e-mail address, @handle, @user-group or a Slack id."
        ),
    ),
    (
        "    title: Sales to delivery\n",
        "",
        "f.yml:7: workflows.sales-to-delivery.title: is missing. Put a title such as Sales to delivery.",
    ),
    (
        "hubspot",
        "hubspott",
        (
            "f.yml:9: workflows.sales-to-delivery.trigger.crm: 'hubspott' does not fit here. "
            "Put hubspot, salesforce, pipedrive, webhook:<source>, slack:<source> or manual."
        ),
    ),
    (
        ", stage: Closed Won",
        "",
        (
            "f.yml:7: workflows.sales-to-delivery: trigger.stage is missing: "
            "put the stage's id or label, such as closedwon."
        ),
    ),
    (
        "stage: Closed Won",
        "stage: 1039847712",
        (
            "f.yml:9: workflows.sales-to-delivery.trigger.stage: 1039847712 does not fit here. "
            "Put a stage's id or label, or a list of them."
        ),
    ),
    (
        "stage: Closed Won",
        'stage: Closed Won, when: "amount >> 5"',
        (
            "f.yml:9: workflows.sales-to-delivery.trigger.when: 'amount >> 5' is not a condition; write a comparison "
            "such as `amount >= 1000` or `region == 'EU'`, joined by and, or, not."
        ),
    ),
    (
        "key: kickoff",
        "key: Kick off",
        (
            "f.yml:14: workflows.sales-to-delivery.checklist[2].key: 'Kick off' does not fit here. "
            "Put a short name such as start_date."
        ),
    ),
    (
        "type: long_text",
        "type: prose",
        (
            "f.yml:13: workflows.sales-to-delivery.checklist[1].type: 'prose' does not fit here. "
            "Put one of text, long_text, date, number, money, email, link, person, choice, choices, yes_no."
        ),
    ),
    (
        "sam@example.com:",
        "Sam Rivers:",
        (
            "f.yml:5: people.Sam Rivers: 'Sam Rivers' names nobody: "
            "write an e-mail address, @user-group, a Slack id or #channel."
        ),
    ),
    (
        "sam@example.com:",
        '"@sellers":',
        (
            "f.yml:4: people: '@sellers' has a manager or another name in Slack, which only an address can: "
            "put only working_hours, holidays and time_zone there."
        ),
    ),
    (
        "{manager: rui@example.com}",
        "{time_zone: Lisbon}",
        (
            "f.yml:5: people.sam@example.com.time_zone: 'Lisbon' is not a time zone. "
            "Put a time zone such as Europe/Lisbon."
        ),
    ),
    (
        ", options: [Call, On site]",
        "",
        "f.yml:14: workflows.sales-to-delivery.checklist[2]: a choice needs options: put `options: [One, Another]`.",
    ),
    (
        "{key: kickoff,",
        "{key: goals,",
        "f.yml:7: workflows.sales-to-delivery: the checklist has 'goals' twice: give each field its own key.",
    ),
    (
        "promised: goals",
        "promised: gaols",
        (
            "f.yml:7: workflows.sales-to-delivery: brief.promised is 'gaols', which is no key of the checklist: "
            "put one of goals, kickoff."
        ),
    ),
    (
        '"#delivery"',
        "delivery",
        (
            "f.yml:16: workflows.sales-to-delivery.delivery.channel: 'delivery' is not a channel. "
            "Put a channel as #name or its id."
        ),
    ),
    (
        "due: 2d",
        "due: 2 days",
        (
            "f.yml:17: workflows.sales-to-delivery.first_task.due: '2 days' is not a duration. "
            "Put a duration such as 30s, 15m, 2h or 1d."
        ),
    ),
    (
        "record.name }}",
        "record.name",
        (
            "f.yml:17: workflows.sales-to-delivery.first_task.title: unexpected end of template, "
            "expected 'end of print statement'. Put a text such as {{ record.name }}."
        ),
    ),
    (
        "{after: 2h, to: rep}",
        "{to: rep}",
        (
            "f.yml:20: workflows.sales-to-delivery.nags.rep[1]: a rung has either `after:` or `every:`: "
            "put one of them, such as {after: 2h, to: rep}."
        ),
    ),
    (
        ", at_most: 5",
        "",
        "f.yml:21: workflows.sales-to-delivery.nags.rep[2]: a repeating rung needs an end: put `at_most: 5`.",
    ),
    (
        "    nags:\n",
        "    title: Again\n    nags:\n",
        "f.yml:18: workflows.sales-to-delivery.title: stands twice. Remove one.",
    ),
    (
        "    brief: {",
        '    exceptions: {channel: "#reviews", reviewers: [max@example.com], four_eyes: true}\n    brief: {',
        (
            "f.yml:15: workflows.sales-to-delivery.exceptions: with four_eyes nobody could decide on a flag of the "
            "only reviewer: name a second one or a user group, or remove `reviewers` for everybody in the channel."
        ),
    ),
]
