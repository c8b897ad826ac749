"""Kept records: rows with two times, each version with the change that made it.

    @kept(search=["name", "address"])
    class Facility(Record): ...                      # also makes FacilityHistory (superseded versions) and FacilityVersion (all, a view)

    records(actor, Facilities)                       # what is so today, as far as the actor may read
    records(actor, Facilities, day=…, known_at=…)    # what was so on a day, as it was known at a moment
    with changing("facilities", actor, basis) as change:
        change.add(Facility, day=…, name="…"); change.amend(row, day=…, name="…"); change.end(row, day=…); change.withdraw(row)

Valid time: when something was so in the world (`valid_from`, `valid_to`, days, both inclusive). Record time: when the register said so
(`recorded_at` up to `closed_at`). The current table holds the newest belief about every record; what it supersedes is written beside it by
a trigger, so that no way of writing loses history, and none works without a change that names its basis. docs/adr/0030-two-times.md.
"""
