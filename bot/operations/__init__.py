"""Tools for those who run the service: doctor, health, logs, migrations."""
