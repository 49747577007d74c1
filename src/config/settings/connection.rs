//! How to reach the database.

settings! {
    /// The database to work on: `postgres://host:5432/db`, `mysql://host/db`, `mariadb://host/db`, `sqlite:path/to.db`,
    /// or the JDBC form of the same (`jdbc:postgresql://host:5432/db`).
    ///
    /// `offline:postgresql?version=15` connects to nothing: commands that write SQL write it for that database.
    URL = Setting::command("url", Url, Connection);

    /// The user to connect as; wins over a user named in the URL.
    USERNAME = Setting::command("username", Text, Connection);

    /// The password to connect with; wins over one in the URL.
    ///
    /// Other users of the machine can read command lines, so prefer the environment variable or `--password-file`.
    /// The value is never printed.
    PASSWORD = Setting::command("password", Secret, Connection);

    /// A file whose first line is the password.
    ///
    /// Made for mounted secrets (`/run/secrets/db`). A password given in a stronger place wins.
    PASSWORD_FILE = Setting::command("passwordFile", Path, Connection).own();

    /// The schema that names without a schema belong to; without it, the one the connection starts in.
    DEFAULT_SCHEMA_NAME = Setting::command("defaultSchemaName", Text, Connection);

    /// The catalog (on MySQL and MariaDB: the database) that names without one belong to.
    DEFAULT_CATALOG_NAME = Setting::command("defaultCatalogName", Text, Connection);

    /// The JDBC driver class.
    DRIVER = Setting::command("driver", Text, Connection).ignored("the URL alone decides which built-in driver is used");

    /// A properties file for the JDBC driver.
    DRIVER_PROPERTIES_FILE = Setting::command("driverPropertiesFile", Path, Connection)
        .ignored("write connection parameters into the URL");
}
