//! Certificates by an authority that was made a moment ago.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Makes an authority in `folder` and gives the path of its certificate.
pub fn authority(folder: &Path) -> PathBuf {
    openssl(
        folder,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=tests \
         -addext keyUsage=critical,keyCertSign -keyout authority.key -out authority.pem",
    );
    folder.join("authority.pem")
}

/// Makes an authority, and by it a key and a certificate of a server that has `names`.
pub(super) fn certify(folder: &Path, names: &str) -> PathBuf {
    let authority = authority(folder);
    let extensions = format!("subjectAltName={names}\nextendedKeyUsage=serverAuth\n");
    fs::write(folder.join("extensions"), extensions).unwrap();
    openssl(
        folder,
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=server \
         -keyout server.key -out server.csr",
    );
    openssl(
        folder,
        "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
         -extfile extensions -out server.pem",
    );
    authority
}

fn openssl(folder: &Path, arguments: &str) {
    let mut openssl = Command::new("openssl");
    let output = openssl.current_dir(folder).args(arguments.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
