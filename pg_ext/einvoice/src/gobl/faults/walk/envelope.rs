use super::super::kinds;
use super::super::path::Path;
use super::Walk;
use crate::gobl::model::{Envelope, Header, Link};
use crate::gobl::scalar::Text;

impl Walk {
    /// The envelope without its document.
    pub(in crate::gobl::faults) fn envelope(&mut self, envelope: &Envelope<'_>) {
        let path = Path::Root("$");
        self.check::<kinds::Envelopes>(envelope, &path);
        if let Some(head) = &envelope.head {
            self.header(head, &path.key("head"));
        }
    }

    fn header(&mut self, head: &Header<'_>, path: &Path<'_>) {
        self.check::<kinds::Headers>(head, path);
        if let Some(digest) = &head.dig {
            self.check::<kinds::Digests>(digest, &path.key("dig"));
        }
        self.stamps(&head.stamps, &path.key("stamps"));
        self.each(&head.links, &path.key("links"), Self::link);
        self.uri(&head.from, path, "from");
        self.uri(&head.to, path, "to");
    }

    fn link(&mut self, link: &Link<'_>, path: &Path<'_>) {
        self.check::<kinds::Links>(link, path);
        self.key(&link.category, path, "category");
        self.key(&link.key, path, "key");
        self.code(&link.code, path, "code");
        if let Some(digest) = &link.digest {
            self.check::<kinds::Digests>(digest, &path.key("digest"));
        }
    }

    pub(super) fn uri(&mut self, uri: &Text<'_>, path: &Path<'_>, name: &'static str) {
        if !uri.is_empty() {
            self.check::<kinds::Uris>(uri, &path.key(name));
        }
    }
}
