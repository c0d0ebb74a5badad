"""What the scenarios share."""

from django.core.exceptions import ObjectDoesNotExist

SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def names(rows):
    return [getattr(row, "title", None) or getattr(row, "name", None) or getattr(row, "text", None) for row in rows]


def name(row):
    return None if row is None else names([row])[0]


def one(read):
    """What `read` gives, or None where there is no row."""
    try:
        return read()
    except ObjectDoesNotExist:
        return None
