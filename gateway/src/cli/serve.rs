//! `labgate serve`

use labgate_core::Registration;

use super::Failure;
use crate::{application::Application, config::Settings};

pub(super) fn serve(settings: Settings, providers: &[Registration]) -> Result<(), Failure> {
    actix_web::rt::System::new().block_on(async {
        let application = Application::build(settings, providers).await?;
        application.run_until_stopped().await.map_err(Failure::new)
    })
}
