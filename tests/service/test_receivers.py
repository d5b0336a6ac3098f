"""Before a report is sent, it says whose desk it lands on."""

from engine.cases.reorganisation import Appoint
from tests.service.house import organise


def manager(house, unit):
    return house.by("kim").cases.opening_form("repair", unit=unit).manager


def test_opening_form__names_who_gets_it_at_the_unit(house):
    assert manager(house, "bjork") == "Keeper"


def test_opening_form__names_the_nearest_above_where_the_unit_has_nobody(house):
    assert manager(house, "ek") == "Both"


def test_opening_form__names_a_substitute_too(house):
    organise(house.by("boss"), Appoint("lo", "keeper", "bjork", "2026-03-01", "2026-03-31", "keeper"))
    assert manager(house, "bjork") == "Keeper, Lo"


def test_opening_form__names_nobody_before_the_unit_is_known(house):
    form = house.by("mender").cases.opening_form("repair")
    assert (form.manager, form.fields[0].field) == (None, "unit")
