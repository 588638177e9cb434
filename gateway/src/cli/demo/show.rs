//! What the demo sends, and how it tells what became of it.

use std::net::SocketAddr;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use labgate_core::{Demo, DemoWebhook, RawRequest};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    cli::{
        Failure,
        client::{Answer, Client},
        say,
    },
    plugins::{Plugin, Plugins},
};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

/// A vendor, and a reader of the API, in one.
pub(super) struct Show {
    client: Client,
    webhooks: String,
    api: String,
    token: String,
    seen: i64,
}

impl Show {
    pub(super) fn new(
        webhooks: SocketAddr,
        admin: SocketAddr,
        token: &str,
    ) -> Result<Self, Failure> {
        Ok(Self {
            client: Client::new()?,
            webhooks: format!("http://{webhooks}/v1/webhooks"),
            api: format!("http://{admin}/v1"),
            token: token.into(),
            seen: 0,
        })
    }

    pub(super) async fn run(
        mut self,
        plugins: &Plugins,
        demos: &[(&'static str, Demo)],
    ) -> Result<(), Failure> {
        say(&format!(
            "{BOLD}Labgate {}{BOLD:#}: invented patients, real signatures, real HTTP.",
            env!("CARGO_PKG_VERSION")
        ));
        for (kind, demo) in demos {
            let plugin = plugins.get(kind).expect("each demo has its plugin");
            say(&format!("\n{BOLD}{kind}{BOLD:#}  {FAINT}POST {}/{kind}{FAINT:#}", self.webhooks));
            self.handshake(plugin).await?;
            for webhook in &demo.webhooks {
                self.deliver(plugin, demo, webhook).await?;
            }
        }
        let mut pairs = demos.iter().filter_map(|(kind, demo)| Some((plugins.get(kind)?, demo)));
        // A mere token is no defence against a changed byte.
        if let Some((plugin, demo)) = pairs.find(|(plugin, _)| plugin.provider.covers().body) {
            say(&format!("\n{BOLD}and what may go wrong{BOLD:#}"));
            self.mishaps(plugin, demo).await?;
        }
        self.versions().await
    }

    async fn handshake(&self, plugin: &Plugin) -> Result<(), Failure> {
        let answer = self.post(plugin, RawRequest::post(path(plugin), "")).await?;
        if answer.status == 200 {
            title("the vendor knocks with an empty request, and gets its token", &answer);
            line("answer", &answer.body);
        }
        Ok(())
    }

    async fn deliver(
        &mut self,
        plugin: &Plugin,
        demo: &Demo,
        webhook: &DemoWebhook,
    ) -> Result<(), Failure> {
        let request = signed(plugin, demo, webhook.body.to_vec())?;
        let names: Vec<_> = request.headers.keys().map(ToString::to_string).collect();
        let answer = self.post(plugin, request).await?;
        title(webhook.story, &answer);
        let bytes = webhook.body.len();
        line("came in", &format!("{bytes} bytes, signed in {}", names.join(", ")));
        outcome(&answer);
        for event in self.news().await? {
            line("became", &self.sentence(&event).await?);
        }
        Ok(())
    }

    /// A repetition, a forgery, and a proven body that makes no sense.
    async fn mishaps(&mut self, plugin: &Plugin, demo: &Demo) -> Result<(), Failure> {
        let Some(webhook) = demo.webhooks.first() else { return Ok(()) };
        let body = webhook.body.to_vec();

        let request = signed(plugin, demo, body.clone())?;
        self.post(plugin, request.clone()).await?;
        let answer = self.post(plugin, request.clone()).await?;
        step("the vendor repeats itself: kept once", &answer);

        let forged = [&body[..], b" "].concat().into();
        let answer = self.post(plugin, RawRequest { body: forged, ..request }).await?;
        step("somebody changes one byte: refused, and told nothing", &answer);

        let half = body[..body.len() / 2].to_vec();
        let answer = self.post(plugin, signed(plugin, demo, half)?).await?;
        step("half a body, well signed: kept in quarantine until somebody can read it", &answer);
        self.news().await?;
        Ok(())
    }

    /// The results of the first order that has any, version by version.
    async fn versions(&self) -> Result<(), Failure> {
        let orders = self.read("orders").await?;
        for order in orders["data"].as_array().into_iter().flatten() {
            let id = order["id"].as_str().unwrap_or_default();
            let reports = self.read(&format!("orders/{id}/reports")).await?;
            let reports = reports["data"].as_array().cloned().unwrap_or_default();
            if reports.is_empty() {
                continue;
            }
            say(&format!("\n{BOLD}what a clinician sees of order {id}{BOLD:#}"));
            for report in reports.iter().rev() {
                let findings = report["observations"].as_array().cloned().unwrap_or_default();
                let status = if findings.is_empty() {
                    "an alarm, whose values are still to be fetched".into()
                } else {
                    text(&report["status"])
                };
                say(&format!("  version {} {status}", report["version"]));
                for found in &findings {
                    say(&format!("    {}", observation(found)));
                }
            }
        }
        Ok(())
    }

    /// What the feed has to tell since last time.
    async fn news(&mut self) -> Result<Vec<Value>, Failure> {
        let page = self.read(&format!("events?after={}", self.seen)).await?;
        self.seen = page["next_after"].as_i64().unwrap_or(self.seen);
        Ok(page["data"].as_array().cloned().unwrap_or_default())
    }

    async fn sentence(&self, event: &Value) -> Result<String, Failure> {
        let data = &event["data"];
        let mut words = vec![text(&event["type"]), text(&data["status"])];
        if let Some(report) = data["report_id"].as_str() {
            let report = self.read(&format!("reports/{report}")).await?;
            let count = report["observations"].as_array().map_or(0, Vec::len);
            words.push(format!("{count} {}", if count == 1 { "value" } else { "values" }));
        }
        Ok(words.join(" · "))
    }

    async fn post(&self, plugin: &Plugin, request: RawRequest) -> Result<Answer, Failure> {
        let url = format!("{}/{}", self.webhooks, plugin.name);
        self.client.post(&url, request, plugin.provider.content_type()).await
    }

    async fn read(&self, path: &str) -> Result<Value, Failure> {
        let answer = self.client.get(&format!("{}/{path}", self.api), &self.token).await?;
        serde_json::from_str(&answer.body).map_err(Failure::new)
    }
}

fn path(plugin: &Plugin) -> String {
    format!("/v1/webhooks/{}", plugin.name)
}

/// `body` as the vendor would send it now.
fn signed(plugin: &Plugin, demo: &Demo, body: Vec<u8>) -> Result<RawRequest, Failure> {
    let mut request = RawRequest::post(path(plugin), body);
    let (id, now) = (format!("msg_{}", Uuid::now_v7().simple()), Timestamp::now());
    let headers = match &demo.signer {
        Some(signer) => Some(signer(&request, &id, now)),
        None => plugin.provider.sign(&request, &id, now),
    };
    request.headers = headers.ok_or_else(|| Failure::new("a provider with a demo can sign"))?;
    Ok(request)
}

fn step(story: &str, answer: &Answer) {
    title(story, answer);
    outcome(answer);
}

fn title(story: &str, answer: &Answer) {
    let (style, mark) = if answer.status < 300 { (GOOD, '✓') } else { (BAD, '✗') };
    say(&format!("  {style}{mark}{style:#} {story}"));
}

fn outcome(answer: &Answer) {
    let (style, word) = if answer.status < 300 { (GOOD, "proven") } else { (BAD, "refused") };
    line(word, &format!("{style}{}{style:#} {}", answer.status, answer.body));
}

fn line(word: &str, text: &str) {
    say(&format!("      {FAINT}{word:<8}{FAINT:#}{text}"));
}

fn observation(found: &Value) -> String {
    let value = &found["value"];
    let shown = match value["type"].as_str() {
        Some("quantity") => {
            format!(
                "{}{} {}",
                text(&value["comparator"]),
                text(&value["value"]),
                text(&value["unit"])
            )
        }
        Some("range") => format!("{} to {}", text(&value["low"]), text(&value["high"])),
        _ => format!("{}{}", text(&value["text"]), text(&value["code"])),
    };
    let judgement = text(&found["interpretation"]);
    let style = if judgement.starts_with("critical") { BAD } else { Style::new() };
    format!("{:<18} {shown:<12} {style}{judgement}{style:#}", text(&found["code"]["name"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().into()
}
