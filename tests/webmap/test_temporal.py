"""``datetime``: what it accepts, and what it selects."""

import datetime

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from webmap.ogc.temporal import parse_datetime, selected

REGISTER = "/ogc/collections/engagements/items"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2022-12-31", True),
        ("2022-12-31T00:00:00Z", True),
        ("2022-12-31T23:59:59.5z", True),
        ("2023-01-01T00:00:00Z", False),
        ("2023-01-01T00:30:00+01:00", True),
        ("2022-01-01/2022-12-30", False),
        ("2022-01-01T00:00:00Z/2022-12-31T00:00:00Z", True),
        ("2022-12-31/..", True),
        ("../2022-12-31", True),
        ("/2022-12-30", False),
        ("2023-01-01/", False),
    ],
)
def test_commitments_are_selected_by_their_due_date(
    client: FlaskClient, text: str, found: bool
) -> None:
    document = client.get(REGISTER, query_string={"datetime": text}).get_json()
    assert [f["id"] for f in document["features"]] == (["convention-a-1"] if found else [])
    assert document["numberMatched"] == int(found)


def test_layers_have_no_time_and_keep_everything(client: FlaskClient) -> None:
    path = "/ogc/collections/voies/items"
    everything = client.get(path).get_json()["numberMatched"]
    assert client.get(f"{path}?datetime=1900-01-01").get_json()["numberMatched"] == everything


def test_box_and_time_hold_together(client: FlaskClient) -> None:
    both = f"{REGISTER}?datetime=2022-12-31&bbox="
    assert client.get(f"{both}2.3,48.8,2.32,48.82").get_json()["numberMatched"] == 1
    assert client.get(f"{both}2.33,48.8,2.34,48.82").get_json()["numberMatched"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "", "..", "/", "../..", "../", "/..", "2022", "2022-12", "2022-13-01", "2022-02-30",
        "2022-12-31/2022-01-01", "2022-12-31/2023-01-01/2024-01-01", "hier", "0000-01-01",
        "2022-12-31T00:00:00", "2022-12-31T25:00:00Z", "2022-12-31 00:00:00Z", "٢٠٢٢-12-31",
        "2022-12-31T00:00:00+99:00", "20221231", "2022-W52-6",
    ],
)  # fmt: skip
@pytest.mark.parametrize("collection", ["engagements", "voies"])
def test_what_is_no_time_is_refused(client: FlaskClient, text: str, collection: str) -> None:
    path = f"/ogc/collections/{collection}/items"
    answer = client.get(path, query_string={"datetime": text})
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] == "datetime"


ZONES = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes))
)
MOMENTS = st.datetimes(timezones=ZONES)
DAYS = st.dates(min_value=datetime.date(1, 1, 3), max_value=datetime.date(9999, 12, 28))


@given(first=MOMENTS, second=MOMENTS, day=DAYS)
def test_intervals_against_the_calendar(
    first: datetime.datetime, second: datetime.datetime, day: datetime.date
) -> None:
    start, end = sorted((first, second))
    morning = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    evening = morning + datetime.timedelta(days=1)
    interval = parse_datetime(f"{start.isoformat()}/{end.isoformat()}")
    assert selected([day], interval)[0] == (start < evening and end >= morning)
    assert not selected([None], interval)[0]


@given(st.text(max_size=40))
def test_any_text_is_an_interval_or_a_value_error(text: str) -> None:
    try:
        first, last = parse_datetime(text)
    except ValueError:
        return
    assert first <= last
