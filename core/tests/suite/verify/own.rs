//! A verifier of one's own, made of what the core shares: the time in a header of its own, which
//! no scheme of ours has.

use labgate_core::{
    RawRequest, Secret, Secrets,
    http::{HeaderMap, HeaderName, HeaderValue},
    jiff::Timestamp,
    verify::{Coverage, Encoding, Keys, Proof, Reason, Refusal, TimeUnit, Tolerance, Verifier},
};

use crate::words::second;

/// Base64 of HMAC-SHA256 over the time in milliseconds and the body, without anything between.
#[derive(Debug)]
struct TimeAside {
    keys: Keys,
    tolerance: Tolerance,
}

const SIGNATURE: &str = "x-aside-signature";
const TIME: &str = "x-aside-timestamp";

impl Verifier for TimeAside {
    fn verify(&self, request: &RawRequest, now: Timestamp) -> Result<Proof, Refusal> {
        let (time, signature) = (request.header(TIME)?, request.header(SIGNATURE)?);
        self.tolerance.check(time, TimeUnit::Milliseconds, now)?;
        let signature = Encoding::Base64.decode(signature).ok_or(Reason::MalformedHeader)?;
        let signed = [time.as_bytes(), &request.body];
        let secret_index = self.keys.matching(&signed, &[signature]).ok_or(Reason::Mismatch)?;
        Ok(Proof { secret_index, message_id: None })
    }

    fn secrets(&self) -> usize {
        self.keys.count()
    }

    fn covers(&self) -> Coverage {
        Coverage::FULL
    }

    fn sign(&self, request: &RawRequest, _message_id: &str, now: Timestamp) -> Option<HeaderMap> {
        let time = TimeUnit::Milliseconds.text(now);
        let mac = Encoding::Base64.encode(&self.keys.sign(&[time.as_bytes(), &request.body]));
        let header =
            |name, value| Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?));
        [header(TIME, time), header(SIGNATURE, mac)].into_iter().collect()
    }
}

fn verifier(texts: &[&str]) -> TimeAside {
    let secrets = texts.iter().map(|text| Secret::new(*text).unwrap());
    let secrets = Secrets::new(secrets.collect::<Vec<_>>()).unwrap();
    TimeAside { keys: Keys::from(&secrets), tolerance: "10m".parse().unwrap() }
}

#[test]
fn rotation_and_age_need_no_code_of_its_own() {
    let mut request = RawRequest::post("/v1/webhooks/aside", b"{}".to_vec());
    request.headers = verifier(&["the-old-secret"]).sign(&request, "", second(0)).unwrap();
    let ours = verifier(&["the-new-secret", "the-old-secret"]);
    let index = |at| ours.verify(&request, second(at)).map(|proof| proof.secret_index);
    assert_eq!(index(600), Ok(1));
    assert_eq!(index(601), Err(Reason::Stale.into()));
    let stranger = verifier(&["another-secret"]).verify(&request, second(0));
    assert_eq!(stranger, Err(Reason::Mismatch.into()));
    // The time is signed: it can't be moved.
    request.headers.insert(TIME, "600000".parse().unwrap());
    assert_eq!(ours.verify(&request, second(601)), Err(Reason::Mismatch.into()));
}
