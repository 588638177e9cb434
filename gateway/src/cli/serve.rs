//! `labgate serve`

use labgate_core::{Registration, Secret};

use super::Failure;
use crate::{
    application::Application,
    config::{Settings, short_secrets},
};

pub(super) fn serve(settings: Settings, providers: &[Registration]) -> Result<(), Failure> {
    for place in short_secrets(&settings, providers) {
        tracing::warn!(place, enough = Secret::ENOUGH, "a secret this short can be guessed");
    }
    actix_web::rt::System::new().block_on(async {
        let application = Application::build(settings, providers).await?;
        application.run_until_stopped().await.map_err(Failure::new)
    })
}
