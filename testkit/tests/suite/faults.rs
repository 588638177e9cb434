//! What an author may get wrong.

/// One mistake in an otherwise sound provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Fault {
    None,
    TakesUnknownFields,
    TakesNoSecrets,
    ShowsTheSecret,
    ShowsTheApiKey,
    QuotesAValue,
    InventsATypeInTheSchema,
    IgnoresTheLastByte,
    IgnoresTheTime,
    TakesAStranger,
    TakesTheFirstSecretOnly,
    ReadsHeadersLoosely,
    DeniesTheTime,
    DeniesTheBody,
    EchoesTheSecret,
    AnswersWebhooks,
    SignsWhateverIsAsked,
    ReadsPrefixes,
    PanicsOnPrefixes,
    DeniesUnknownFields,
    KnowsUnlistedTypes,
    DropsDrift,
    Counts,
    OneKeyForAll,
    AnotherKeyEachTime,
    DropsTheOffset,
    QuotesTheBody,
    StampsTheArrival,
    RemembersOrders,
    SaysNothing,
    Tires,
    ShowsWhatItCantRead,
    ShowsNothing,
    TakesAbsenceForRefusal,
    DropsRetryAfter,
    TrustsAnyHost,
    StandsStill,
    TellsAMirror,
    AssumesTheUnit,
    RoundsNumbers,
    ReadsByAnotherTable,
    CancelsAsDone,
    TakesAnyFlagForHigh,
    TakesCapitalsForOthers,
    ReportsForAnyOrder,
}

impl Fault {
    /// Whether the provider with the fault `own` has this one.
    pub(crate) const fn is(self, own: u8) -> bool {
        self as u8 == own
    }
}
