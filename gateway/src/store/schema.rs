//! The tables, as `migrations/` makes them; columns hold the same types on every backend.

diesel::table! {
    webhooks (seq) {
        seq -> BigInt,
        id -> Binary,
        plugin -> Text,
        dedupe_key -> Binary,
        event_type -> Nullable<Text>,
        outcome -> Text,
        reason -> Nullable<Text>,
        message_id -> Nullable<Text>,
        secret_index -> Integer,
        received_at -> BigInt,
        content -> Binary,
    }
}

diesel::table! {
    orders (seq) {
        seq -> BigInt,
        id -> Binary,
        plugin -> Text,
        provider_order_id -> Text,
        status -> Text,
        phase -> Text,
        updated_at -> Nullable<BigInt>,
        version -> BigInt,
        document -> Binary,
        merged_into -> Nullable<Binary>,
    }
}

diesel::table! {
    appointments (seq) {
        seq -> BigInt,
        id -> Binary,
        plugin -> Text,
        order_id -> Binary,
        provider_appointment_id -> Text,
        status -> Text,
        starts_at -> Nullable<BigInt>,
        updated_at -> Nullable<BigInt>,
        version -> BigInt,
        document -> Binary,
    }
}

diesel::table! {
    reports (seq) {
        seq -> BigInt,
        id -> Binary,
        plugin -> Text,
        order_id -> Binary,
        webhook_id -> Binary,
        reported_at -> BigInt,
        superseded_at -> Nullable<BigInt>,
        document -> Binary,
    }
}

diesel::table! {
    events (seq) {
        seq -> BigInt,
        id -> Binary,
        event_type -> Text,
        plugin -> Text,
        order_id -> Binary,
        occurred_at -> BigInt,
        recorded_at -> BigInt,
        data -> Binary,
    }
}

diesel::table! {
    feed (id) {
        id -> Integer,
        last_seq -> BigInt,
    }
}

diesel::table! {
    tasks (seq) {
        seq -> BigInt,
        id -> Binary,
        plugin -> Text,
        kind -> Text,
        subject -> Text,
        reference -> Text,
        provider_order_id -> Text,
        webhook_id -> Binary,
        due_at -> BigInt,
        attempts -> Integer,
        leased_by -> Nullable<Text>,
        leased_until -> Nullable<BigInt>,
        created_at -> BigInt,
        provider_report_id -> Nullable<Text>,
    }
}

diesel::table! {
    keys (name) {
        name -> Binary,
        statement -> Nullable<Binary>,
    }
}

diesel::table! {
    clock (id) {
        id -> Integer,
        pruned_at -> BigInt,
    }
}

diesel::table! {
    dictionaries (id) {
        id -> BigInt,
        content -> Binary,
    }
}
