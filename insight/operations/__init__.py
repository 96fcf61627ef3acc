"""Operations: backups, restoring, moving to another database, health and numbers for those who run it."""
