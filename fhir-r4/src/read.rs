//! A body as a list of resources.

use labgate_core::decode::{Drift, Reader, Shape, Unread, Unreadable};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{
    modifier,
    types::{self, FOREIGN, List, Resource},
    versions::Index,
};

/// The resources of one body: the one that it is, or those of the Bundle that it is, each with
/// those that it contains.
pub struct Resources {
    pub(super) entries: Vec<Entry>,
    pub(super) index: Index,
    pub(super) drift: Drift,
}

pub(super) struct Entry {
    pub(super) resource: Resource,
    /// The address under which its Bundle knows it.
    pub(super) full_url: Option<String>,
    /// The entry that contains it: its id means something in there only
    /// (hl7.org/fhir/R4/references.html#contained).
    pub(super) container: Option<usize>,
    /// Which of the [`Index`]'s families it is a version in.
    pub(super) family: usize,
    /// How many bytes of the body it takes.
    pub(super) size: usize,
}

/// hl7.org/fhir/R4/bundle.html
#[derive(Deserialize)]
struct Bundle {
    entry: Option<List<BundleEntry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BundleEntry {
    full_url: Option<String>,
    resource: Option<Box<RawValue>>,
    request: Option<BundleRequest>,
}

#[derive(Deserialize)]
struct BundleRequest {
    method: Option<String>,
}

const BUNDLE: Shape = Shape {
    unread: &[
        Unread::elsewhere(&["resourceType"]),
        Unread::because(
            "how the resources were put together and sent",
            &[
                "id",
                "meta",
                "meta.*",
                "language",
                "identifier",
                "type",
                "timestamp",
                "total",
                "link",
                "signature",
                "entry[].id",
                "entry[].link",
                "entry[].search",
                "entry[].request.*",
                "entry[].response",
            ],
        ),
        Unread::because("it counts where a reference leads to it", &["entry[].fullUrl"]),
        Unread::because("who may not know an extension may ignore it", &["**.extension"]),
    ],
    dispensable: &["entry[].request"],
};

/// The shapes of what is read, by resource type.
pub const SHAPES: &[(&str, Shape)] = &[
    ("Bundle", BUNDLE),
    ("DiagnosticReport", FALLBACKS),
    ("ServiceRequest", FALLBACKS),
    ("Appointment", types::APPOINTMENT),
    ("DiagnosticReport", types::DIAGNOSTIC_REPORT),
    ("Observation", types::OBSERVATION),
    ("Organization", types::ORGANIZATION),
    ("Patient", types::PATIENT),
    ("Practitioner", types::PRACTITIONER),
    ("PractitionerRole", types::PRACTITIONER_ROLE),
    ("ServiceRequest", types::SERVICE_REQUEST),
    ("Specimen", types::SPECIMEN),
];

/// What is read, and may be missing all the same.
const FALLBACKS: Shape = Shape {
    unread: &[
        Unread::spare(
            "what was fetched answers the order that it was fetched for",
            &["basedOn[].reference"],
        ),
        Unread::spare("the sample says when it was taken", &["effectiveDateTime"]),
        Unread::spare("a request is an order unless it says otherwise", &["intent"]),
    ],
    dispensable: &[],
};

/// What has to be known of a resource before it can be read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    resource_type: String,
    contained: Option<List<Box<RawValue>>>,
}

const HEAD: Shape = Shape { unread: &[Unread::elsewhere(&["*"])], dispensable: &[] };

/// A Bundle may hold Bundles, which hold no more of them.
const DEPTH: usize = 2;

/// Where a resource stands.
#[derive(Clone)]
struct Place {
    path: String,
    depth: usize,
    full_url: Option<String>,
    container: Option<usize>,
}

impl Resources {
    /// Reads the resource or Bundle `json`, which stands at `path` of the body (empty for the whole
    /// body). A resource that FHIR R4 does not know is drift, and so is a field; drift names
    /// places as FHIR does, by resource type. One resource that can't be read makes the whole
    /// body unreadable, so that nothing is lost when it is read again after a fix; so does a
    /// result or a request with something that may turn its meaning around. That a server deleted
    /// a resource is drift: a lab withdraws a result by its status.
    pub fn read(json: &[u8], path: &str) -> Result<Self, Unreadable> {
        let mut resources =
            Self { entries: Vec::new(), index: Index::default(), drift: Drift::new() };
        let place = Place { path: path.into(), depth: 0, full_url: None, container: None };
        resources.take(json, place)?;
        resources.sort();
        Ok(resources)
    }

    fn take(&mut self, json: &[u8], place: Place) -> Result<(), Unreadable> {
        let head: Head = Reader::default().read(&place.path, json, HEAD)?;
        if head.resource_type == "Bundle" {
            return self.take_bundle(json, place);
        }
        let Some(resource) = self.resource(&head.resource_type, json, &place.path)? else {
            return Ok(());
        };
        let holder = self.entries.len();
        let contains = place.container.is_none();
        let path = place.path.clone();
        self.push(Entry {
            resource,
            full_url: place.full_url,
            container: place.container,
            family: 0,
            size: json.len(),
        });
        for (index, inner) in head.contained.iter().flatten().enumerate().filter(|_| contains) {
            let path = join(&path, &format!("contained[{index}]"));
            let place = Place { path, depth: DEPTH, full_url: None, container: Some(holder) };
            self.take(inner.get().as_bytes(), place)?;
        }
        Ok(())
    }

    fn take_bundle(&mut self, json: &[u8], place: Place) -> Result<(), Unreadable> {
        if place.depth == DEPTH {
            return Err(Unreadable::at(place.path, "a Bundle where none may stand"));
        }
        let bundle: Bundle = self.typed("Bundle", json, &place.path, BUNDLE)?;
        for (index, entry) in bundle.entry.into_iter().flatten().enumerate() {
            let method = entry.request.and_then(|request| request.method);
            if method.as_deref() == Some("DELETE") {
                self.drift.insert("Bundle.entry[].request.method".into());
            }
            let Some(resource) = entry.resource else { continue };
            let path = join(&place.path, &format!("entry[{index}].resource"));
            let depth = place.depth + 1;
            let place = Place { path, depth, full_url: entry.full_url, container: None };
            self.take(resource.get().as_bytes(), place)?;
        }
        Ok(())
    }

    fn resource(
        &mut self,
        name: &str,
        json: &[u8],
        path: &str,
    ) -> Result<Option<Resource>, Unreadable> {
        Ok(Some(match name {
            "Appointment" => {
                Resource::Appointment(self.typed("Appointment", json, path, types::APPOINTMENT)?)
            }
            "DiagnosticReport" => {
                let shape = types::DIAGNOSTIC_REPORT;
                Resource::DiagnosticReport(self.typed("DiagnosticReport", json, path, shape)?)
            }
            "Observation" => {
                Resource::Observation(self.typed("Observation", json, path, types::OBSERVATION)?)
            }
            "Organization" => Resource::Organization(self.typed(
                "Organization",
                json,
                path,
                types::ORGANIZATION,
            )?),
            "Patient" => Resource::Patient(self.typed("Patient", json, path, types::PATIENT)?),
            "Practitioner" => Resource::Practitioner(self.typed(
                "Practitioner",
                json,
                path,
                types::PRACTITIONER,
            )?),
            "PractitionerRole" => Resource::PractitionerRole(self.typed(
                "PractitionerRole",
                json,
                path,
                types::PRACTITIONER_ROLE,
            )?),
            "ServiceRequest" => {
                let shape = types::SERVICE_REQUEST;
                Resource::ServiceRequest(self.typed("ServiceRequest", json, path, shape)?)
            }
            "Specimen" => {
                Resource::Specimen(self.typed("Specimen", json, path, types::SPECIMEN)?)
            }
            known if FOREIGN.contains(&known) => return Ok(None),
            _ => {
                self.drift.insert("resourceType".into());
                return Ok(None);
            }
        }))
    }

    /// Reads a resource of the type `name`: drift is told by the type, so that it stays bounded,
    /// and an error by the path in the body.
    fn typed<T: DeserializeOwned>(
        &mut self,
        name: &str,
        json: &[u8],
        path: &str,
        shape: Shape,
    ) -> Result<T, Unreadable> {
        modifier::refuse(name, json)?;
        let mut reader = Reader::default();
        let read = reader.read(name, json, shape);
        self.drift.append(&mut reader.into_drift());
        read.map_err(|error| {
            let field = error.field.strip_prefix(name).unwrap_or(&error.field);
            Unreadable::at(join(path, field.trim_start_matches('.')), error.problem)
        })
    }
}

fn join(parent: &str, child: &str) -> String {
    match (parent, child) {
        ("", child) => child.into(),
        (parent, "") => parent.into(),
        (parent, child) => format!("{parent}.{child}"),
    }
}
