"""Which version the database has, and the way from there to ours; migrations live beside this."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from models.errors import StoreError
from models.records.versions import HEAD, KNOWN
from models.words import _

_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(reader: Engine, writer: Engine) -> None:
    """Migrate to HEAD, in one transaction; StoreError if the database is newer than we are.

    A database that needs nothing is only read, so a look never waits for a writer.
    """
    with reader.connect() as connection:
        version = current(connection)
    if version == HEAD:
        return
    if version is not None and version not in KNOWN:
        raise StoreError(
            _(
                "This database was written by a newer Gensvar (schema {version}, ours is {head})."
                " Nothing was changed; update Gensvar."
            ).format(version=version, head=HEAD)
        )
    upgrade(writer)


def current(connection: Connection) -> str | None:
    """The database's version, None for an empty one; StoreError for somebody else's tables."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise StoreError(
                _("This database holds other tables than Gensvar's; it was left as is.")
            )
        return None
    row = connection.execute(text("select version_num from alembic_version")).first()
    return None if row is None else str(row[0])


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations; alembic is imported here only, since it costs half a second."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # one migrator at a time, as long as it takes
            connection.execute(text("set local statement_timeout = 0"))
            connection.execute(text("select pg_advisory_xact_lock(4736887)"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
