"""Runs every scenario in Django on the file that Kith filled, and prints one line of JSON for each.

usage: scenarios.py FILE

The scenarios are in press/, under the names that they have in the C++ files beside this one.
"""

import json
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
    INSTALLED_APPS=["press"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DEBUG=True,
    USE_TZ=True,
)
django.setup()

from django.db import connection, reset_queries, transaction  # noqa: E402
from press import loading, prefetching, queries, writes  # noqa: E402, F401
from press.scenario import SCENARIOS  # noqa: E402

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def main():
    for called, run in SCENARIOS.items():
        with transaction.atomic():
            reset_queries()
            result = run()
            ran = [query["sql"] for query in connection.queries if not query["sql"].startswith(CONTROL)]
            transaction.set_rollback(True)
        print(json.dumps({"name": called, "result": result, "statements": len(ran), "sql": ran}))


main()
