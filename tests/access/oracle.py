"""The naive oracle of access: design.md section 7 read aloud, one loop after another, on plain dictionaries.

It shares no code with the engine and is not to be made clever. An organisation is
`{"parents": {unit: unit | None}, "appointments": [...], "processes": {process: {"roles", "marks"}}}`.
"""

ORDER = ["none", "envelope", "content"]


def is_at_or_above(organisation, upper, lower):
    """Whether `upper` is the unit `lower` or one above it."""
    unit = lower
    while unit is not None:
        if unit == upper:
            return True
        unit = organisation["parents"][unit]
    return False


def roles_at(organisation, person, unit, day):
    """Every role a person has at a unit or above on a day, a substitute's too."""
    roles = []
    for appointment in organisation["appointments"]:
        if appointment["person"] != person:
            continue
        if day < appointment["from_on"]:
            continue
        if appointment["to_on"] is not None and day > appointment["to_on"]:
            continue
        if is_at_or_above(organisation, appointment["unit"], unit):
            roles.append(appointment["role"])
    return roles


def holds(organisation, person, role, day):
    """Whether a person has a role anywhere on a day."""
    return any(
        one["person"] == person
        and one["role"] == role
        and one["from_on"] <= day <= (one["to_on"] or "9999-12-31")
        for one in organisation["appointments"]
    )


def level_of(organisation, person, case, day):
    """The level of a person on a case on a day."""
    process = organisation["processes"].get(case["process"])
    reached = ["none"]
    roles = roles_at(organisation, person, case["unit"], day)
    for role in roles:
        if process is None:
            continue
        if role == "administrator":
            # "administrator -> envelope at most"
            reached.append("none" if process["roles"].get(role) == "none" else "envelope")
        elif role in process["roles"]:
            reached.append(process["roles"][role])
    if case["assignee"] == person:
        reached.append("content")
    if case["reporter"] == person:
        reached.append("envelope")
    level = max(reached, key=ORDER.index)
    for mark, kept in case["marks"].items():
        if level == "content" and not is_let_in(process, mark, kept, roles):
            level = "envelope"
    return level


def is_let_in(process, mark, kept, roles):
    """Whether roles let somebody past a mark, by being admitted or by what the hand-over let them keep."""
    if process is None or mark not in process["marks"]:
        return False
    rule = process["marks"][mark]
    for role in roles:
        if role in rule["admits"]:
            return True
        if role in rule["keeps_for"] and kept in ("read", "write"):
            return True
    return False


def tasks_of(organisation, person, tasks, day, *, taken=False):
    """The (reference, step) of what a person should do, most urgent first, each once."""
    found = set()
    for task in tasks:
        is_mine = task["person"] == person
        if task["role"] and task["role"] in roles_at(organisation, person, task["unit"], day):
            is_mine = is_mine or taken or task["assignee"] in (None, person)
            # One who no longer has the role, anywhere, keeps nothing from those who have it.
            is_mine = is_mine or not holds(organisation, task["assignee"], task["role"], day)
        if is_mine:
            found.add((task["due_on"] or "9999-12-31", task["case"], task["step"]))
    return [(reference, step) for _, reference, step in sorted(found)]
