namespace gatehouse::store {}
