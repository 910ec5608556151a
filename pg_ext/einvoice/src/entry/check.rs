use super::Profile;
use super::parse::{File, characters};
use crate::cii::tree::{Error as Unreadable, Tree, name};
use crate::cii::{binding, read, schema, structure};
use crate::en16931::{Invoice, to_gobl};
use crate::finding::Finding;
use crate::input::Error;
use crate::{Poll, rules};

/// Everything wrong with a CII file, in the order of the file: XML, structure of D16B, rules of EN 16931 and of the profile.
///
/// Of one rule there are a thousand findings at most. A file that is no XML has one finding. The rules of EN 16931 are applied to whatever can be read of a CII file, of valid
/// structure or not.
///
/// ```
/// use einvoice::entry::{File, Profile, check_cii};
/// let findings = check_cii(File::Text("<Invoice/>"), Profile::En16931, &mut || Ok(())).unwrap();
/// assert_eq!(findings[0].rule.id, "XSD-ROOT");
/// ```
///
/// # Errors
/// The work was cancelled.
pub fn check_cii(file: File<'_>, profile: Profile, poll: Poll<'_>) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    match check(file, profile, poll, &mut findings) {
        Ok(()) => {}
        Err(Unreadable::Unreadable(finding)) => findings.push(*finding),
        Err(Unreadable::Cancelled(cancelled)) => return Err(cancelled.into()),
    }
    Ok(findings)
}

fn check(
    file: File<'_>,
    profile: Profile,
    poll: Poll<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(), Unreadable> {
    let text = characters(file)?;
    let tree = Tree::read(&text, poll)?;
    schema::check(&tree, findings);
    if tree.root().name() != name::CROSS_INDUSTRY_INVOICE {
        return Ok(());
    }
    poll()?;
    structure::check(&tree, findings);
    let reading = read::read(&tree, poll)?;
    let locator = binding::Locator::new(&tree);
    rules::check(&reading.invoice, profile, &locator, poll, findings)?;
    findings.append(&mut recalculated(&reading.invoice, &locator, poll)?);
    *findings = rules::fold(std::mem::take(findings), poll)?;
    Ok(())
}

/// Totals that GOBL would come to otherwise; none where it cannot calculate the invoice.
fn recalculated(
    invoice: &Invoice<'_>,
    locator: &binding::Locator<'_, '_>,
    poll: Poll<'_>,
) -> Result<Vec<Finding>, Unreadable> {
    match to_gobl::differences(invoice, poll) {
        Ok(differences) => Ok(to_gobl::totals_findings(&differences, locator)),
        Err(Error::Refused(_)) => Ok(Vec::new()),
        Err(Error::Cancelled(cancelled)) => Err(cancelled.into()),
    }
}
