//! Functions that both databases know, for a look at packed values without reading all of them.

diesel::define_sql_function! {
    /// How many bytes a value has.
    fn length(value: diesel::sql_types::Binary) -> diesel::sql_types::Integer;
}

diesel::define_sql_function! {
    /// The first `count` bytes of a value if `start` is 1.
    fn substr(
        value: diesel::sql_types::Binary,
        start: diesel::sql_types::Integer,
        count: diesel::sql_types::Integer,
    ) -> diesel::sql_types::Binary;
}
