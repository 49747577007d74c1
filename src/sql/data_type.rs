//! Types as changelogs write them (dialects §4.1): parsed once, spelled by each dialect.

use super::target::Target;

/// The logical types that names resolve to (dialects §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Logical {
    /// `bigint`, `int8`, `bigserial`, …
    BigInt,
    /// `blob`, `varbinary`, `image`, …
    Blob,
    /// `boolean`, `bit`, …
    Boolean,
    /// `char`, `character`, …
    Char,
    /// `clob`, `text`, …
    Clob,
    /// `currency`, `money`, …
    Currency,
    /// `date`.
    Date,
    /// `datetime`, `smalldatetime`, …
    DateTime,
    /// `decimal`.
    Decimal,
    /// `double`.
    Double,
    /// `float`, `real`.
    Float,
    /// `int`, `serial`, …
    Int,
    /// `mediumint`.
    MediumInt,
    /// `nchar`.
    NChar,
    /// `number`, `numeric`.
    Number,
    /// `nvarchar`, `nvarchar2`, `national`.
    NVarchar,
    /// `smallint`, `int2`, …
    SmallInt,
    /// `time`, `timetz`.
    Time,
    /// `timestamp`, `timestamptz`.
    Timestamp,
    /// `tinyint`.
    TinyInt,
    /// `uuid`, `uniqueidentifier`.
    Uuid,
    /// `varchar`, `varchar2`, `character varying`.
    Varchar,
    /// `xml`, `xmltype`.
    Xml,
    /// `function`: typed function values.
    Function,
    /// Any other name: passed through in upper case.
    Unknown,
}

impl Logical {
    /// The class of the type in Liquibase, which stands in one of its messages.
    fn class(self) -> &'static str {
        match self {
            Logical::BigInt => "BigIntType",
            Logical::Blob => "BlobType",
            Logical::Boolean => "BooleanType",
            Logical::Char => "CharType",
            Logical::Clob => "ClobType",
            Logical::Currency => "CurrencyType",
            Logical::Date => "DateType",
            Logical::DateTime => "DateTimeType",
            Logical::Decimal => "DecimalType",
            Logical::Double => "DoubleType",
            Logical::Float => "FloatType",
            Logical::Int => "IntType",
            Logical::MediumInt => "MediumIntType",
            Logical::NChar => "NCharType",
            Logical::Number => "NumberType",
            Logical::NVarchar => "NVarcharType",
            Logical::SmallInt => "SmallIntType",
            Logical::Time => "TimeType",
            Logical::Timestamp => "TimestampType",
            Logical::TinyInt => "TinyIntType",
            Logical::Uuid => "UUIDType",
            Logical::Varchar => "VarcharType",
            Logical::Xml => "XMLType",
            Logical::Function => "DatabaseFunctionType",
            Logical::Unknown => "UnknownType",
        }
    }

    /// Whether a column of this type can count up.
    fn counts(self) -> bool {
        matches!(
            self,
            Logical::BigInt
                | Logical::Decimal
                | Logical::Int
                | Logical::MediumInt
                | Logical::Number
                | Logical::SmallInt
                | Logical::TinyInt
                | Logical::Unknown
        )
    }
}

/// Names of the logical types, in lower case.
const NAMES: &[(Logical, &[&str])] = &[
    (
        Logical::BigInt,
        &["bigint", "int8", "integer8", "bigserial", "serial8", "java.lang.long", "java.math.biginteger", "java.sql.types.bigint"],
    ),
    (
        Logical::Blob,
        &[
            "blob",
            "longblob",
            "tinyblob",
            "mediumblob",
            "binary",
            "varbinary",
            "longvarbinary",
            "image",
            "long binary",
            "long varbinary",
            "java.sql.types.blob",
            "java.sql.types.binary",
            "java.sql.types.varbinary",
            "java.sql.types.longvarbinary",
        ],
    ),
    (Logical::Boolean, &["boolean", "bool", "bit", "java.lang.boolean", "java.sql.types.boolean", "java.sql.types.bit"]),
    (Logical::Char, &["char", "character", "bpchar", "java.sql.types.char"]),
    (
        Logical::Clob,
        &[
            "clob",
            "nclob",
            "text",
            "ntext",
            "longtext",
            "mediumtext",
            "tinytext",
            "longvarchar",
            "longnvarchar",
            "long varchar",
            "long nvarchar",
            "java.sql.types.clob",
            "java.sql.types.nclob",
            "java.sql.types.longvarchar",
            "java.sql.types.longnvarchar",
        ],
    ),
    (Logical::Currency, &["currency", "money", "smallmoney"]),
    (Logical::Date, &["date", "java.sql.types.date", "java.sql.date"]),
    (Logical::DateTime, &["datetime", "datetime2", "smalldatetime", "java.util.date", "java.sql.types.datetime"]),
    (Logical::Decimal, &["decimal", "java.math.bigdecimal", "java.sql.types.decimal"]),
    (Logical::Double, &["double", "java.lang.double", "java.sql.types.double"]),
    (Logical::Float, &["float", "real", "java.lang.float", "java.sql.types.float", "java.sql.types.real"]),
    (Logical::Int, &["int", "integer", "int4", "serial", "serial4", "java.lang.integer", "java.sql.types.integer"]),
    (Logical::MediumInt, &["mediumint"]),
    (Logical::NChar, &["nchar", "nchar2", "java.sql.types.nchar"]),
    (Logical::Number, &["number", "numeric", "java.sql.types.numeric"]),
    (
        Logical::NVarchar,
        &[
            "nvarchar",
            "nvarchar2",
            "national",
            "national character varying",
            "national character",
            "national varchar",
            "java.sql.types.nvarchar",
        ],
    ),
    (Logical::SmallInt, &["smallint", "int2", "smallserial", "java.sql.types.smallint"]),
    (Logical::Time, &["time", "timetz", "java.sql.types.time", "java.sql.time"]),
    (
        Logical::Timestamp,
        &["timestamp", "timestamptz", "java.sql.timestamp", "java.sql.types.timestamp", "java.sql.types.timestamp_with_timezone"],
    ),
    (Logical::TinyInt, &["tinyint", "java.sql.types.tinyint"]),
    (Logical::Uuid, &["uuid", "uniqueidentifier", "java.util.uuid"]),
    (Logical::Varchar, &["varchar", "varchar2", "character varying", "java.lang.string", "java.sql.types.varchar"]),
    (Logical::Xml, &["xml", "xmltype", "java.sql.types.sqlxml"]),
    (Logical::Function, &["function"]),
];

/// Names of two or more words that are kept whole.
const MULTI_WORD: &[&str] =
    &["bit varying", "character varying", "long varchar", "long nvarchar", "long binary", "long varbinary", "national character varying"];

/// A type as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataType {
    /// What the name resolves to.
    pub logical: Logical,
    /// The name as written, without parameters.
    pub name: String,
    /// Parameters in parentheses, trimmed.
    pub parameters: Vec<String>,
    /// What follows the name and parameters: `unsigned`, `with time zone`, `CHARACTER SET utf8`.
    pub additional: Option<String>,
    /// Whether the type itself says that the column counts up (`serial`, ` identity`, `{autoIncrement:true}`).
    pub auto_increment: bool,
    /// The whole text as written.
    pub written: String,
}

impl DataType {
    /// Parses the text of a `type` attribute; never fails: what is not known is passed through.
    pub fn parse(written: &str) -> DataType {
        let text = written.trim();
        if text.starts_with("${") && text.ends_with('}') {
            return DataType::unresolved(text);
        }
        let mut auto_increment = false;
        let mut rest = text.to_owned();
        // The first group of parentheses are the parameters; they may stand inside (`time(3) with time zone`).
        let mut parameters = Vec::new();
        if let Some(open) = rest.find('(') {
            let close = matching_parenthesis(&rest, open).unwrap_or(rest.len());
            parameters = split_parameters(rest.get(open + 1..close).unwrap_or(""));
            let tail = rest.get(close + 1..).unwrap_or("").to_owned();
            rest.truncate(open);
            rest.push_str(&tail);
        }
        // What stands in braces may do so before the parameters.
        if let Some(at) = rest.find('{') {
            auto_increment = rest[at..].to_ascii_lowercase().replace(' ', "").contains("autoincrement:true");
            rest.truncate(at);
        }
        let mut name = rest.trim().to_owned();
        if name.to_ascii_lowercase().ends_with(" identity") {
            auto_increment = true;
            name.truncate(name.len() - " identity".len());
        }
        for (open, close) in [('"', '"'), ('[', ']'), ('`', '`'), ('\'', '\'')] {
            if name.len() > 1 && name.starts_with(open) && name.ends_with(close) {
                name = name[1..name.len() - 1].to_owned();
                break;
            }
        }
        let lower = name.to_ascii_lowercase();
        let mut additional = None;
        let whole = MULTI_WORD.iter().find(|w| lower.starts_with(**w)).map(|w| w.len());
        let cut = whole.or_else(|| name.find(' '));
        if let Some(cut) = cut {
            let tail = name[cut..].trim();
            if !tail.is_empty() {
                additional = Some(tail.to_owned());
            }
            name.truncate(cut);
        }
        let lower = name.to_ascii_lowercase();
        let logical = NAMES.iter().find(|(_, names)| names.contains(&lower.as_str())).map_or(Logical::Unknown, |(l, _)| *l);
        if matches!(lower.as_str(), "serial" | "serial4" | "serial8" | "bigserial" | "smallserial") {
            auto_increment = true;
        }
        DataType { logical, name, parameters, additional, auto_increment, written: written.to_owned() }
    }

    /// A type whose parameter has no value: it stays as it is.
    fn unresolved(text: &str) -> DataType {
        DataType {
            logical: Logical::Unknown,
            name: text.to_owned(),
            parameters: Vec::new(),
            additional: None,
            auto_increment: false,
            written: text.to_owned(),
        }
    }

    /// Looks at what stands in braces behind the type: `{autoIncrement:true}`, and nothing else.
    ///
    /// # Errors
    /// When it is something else, in Liquibase's words.
    fn check_embedded(&self) -> Result<(), String> {
        let Some((_, rest)) = self.written.split_once('{').filter(|_| self.name != self.written) else { return Ok(()) };
        let inner = rest.split('}').next().unwrap_or(rest);
        for part in inner.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let Some((property, _)) = part.split_once(':') else {
                return Err(format!("Data type definition contains unparseable embedded information: `{}`", self.written));
            };
            if property != "autoIncrement" || !self.logical.counts() {
                return Err(self.has_no(property));
            }
        }
        Ok(())
    }

    fn has_no(&self, property: &str) -> String {
        format!("Property [{property}] was not found for object type [liquibase.datatype.core.{}]", self.logical.class())
    }

    /// The type without these units (`BYTE`, `CHAR`) behind the length of character types.
    #[must_use]
    pub fn without_units(mut self, units: &[&str]) -> DataType {
        if matches!(self.logical, Logical::Char | Logical::NChar | Logical::Varchar | Logical::NVarchar) {
            for parameter in &mut self.parameters {
                let unit = parameter.rsplit_once(' ').filter(|(_, unit)| units.iter().any(|u| u.eq_ignore_ascii_case(unit)));
                if let Some((length, _)) = unit {
                    *parameter = length.trim_end().to_owned();
                }
            }
        }
        self
    }

    /// The type without these words of what follows it (`unsigned`); a `*` stands for any one word.
    #[must_use]
    pub fn without_words(mut self, phrases: &[&str]) -> DataType {
        let Some(additional) = &self.additional else { return self };
        let words: Vec<&str> = additional.split_whitespace().collect();
        let mut kept = Vec::new();
        let mut rest = words.as_slice();
        while let Some((word, tail)) = rest.split_first() {
            let phrase_at = |phrase: &&&str| {
                let mut words = rest.iter();
                phrase.split(' ').all(|p| words.next().is_some_and(|w| p == "*" || p.eq_ignore_ascii_case(w)))
            };
            match phrases.iter().find(phrase_at) {
                Some(phrase) => rest = rest.get(phrase.split(' ').count()..).unwrap_or(&[]),
                None => {
                    kept.push(*word);
                    rest = tail;
                }
            }
        }
        if kept.len() < words.len() {
            self.additional = (!kept.is_empty()).then(|| kept.join(" "));
        }
        self
    }

    /// The first parameter when it is a number.
    pub fn length(&self) -> Option<u64> {
        self.parameters.first()?.parse().ok()
    }

    /// The name in lower case.
    pub fn lower_name(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// `NAME(p1, p2)`, with the given name and this type's parameters.
    pub fn with_parameters(&self, name: &str) -> String {
        if self.parameters.is_empty() {
            return name.to_owned();
        }
        format!("{name}({})", self.parameters.join(", "))
    }

    /// Whether what follows the type says that the column is computed from others (`GENERATED ALWAYS AS (…)`).
    pub fn is_generated(&self) -> bool {
        let mut words = self.additional.iter().flat_map(|a| a.split(|c: char| c.is_whitespace() || c == '('));
        words.any(|word| word.eq_ignore_ascii_case("generated") || word.eq_ignore_ascii_case("as"))
    }

    /// Adds what follows the type, if anything.
    pub fn with_additional(&self, text: String) -> String {
        match &self.additional {
            Some(additional) => format!("{text} {additional}"),
            None => text,
        }
    }
}

impl Target {
    /// The native name of a type as written in the changelog.
    ///
    /// # Errors
    /// When the type cannot be had, in Liquibase's words.
    pub fn native_type(&self, written: &str) -> Result<String, String> {
        self.native(&self.parse_type(written))
    }

    /// A type as written in the changelog, without what the target does not understand.
    pub fn parse_type(&self, written: &str) -> DataType {
        DataType::parse(written).without_units(self.caps.dropped_length_units)
    }

    /// The native name of a type.
    ///
    /// # Errors
    /// When the type cannot be had, in Liquibase's words.
    pub fn native(&self, t: &DataType) -> Result<String, String> {
        t.check_embedded()?;
        let most = self.caps.fraction_digits;
        if let Some(digits) = t.length().filter(|d| t.logical == Logical::Timestamp && *d > u64::from(most)) {
            let id = self.dialect.id;
            let product = if self.offline { format!("Offline {id}") } else { self.dialect.product.to_owned() };
            return Err(format!(
                "Using a TIMESTAMP data type with a fractional precision of {digits} is not supported on {id}: A timestamp \
                 datatype with {digits} fractional digits was requested, but {product} only supports {most} digits."
            ));
        }
        (self.dialect.data_type)(t, self)
    }

    /// The type of a column, which counts up when the column or the type says so.
    ///
    /// # Errors
    /// When a column of such a type cannot count up, in Liquibase's words.
    pub fn counting_type(&self, written: &str, auto_increment: bool) -> Result<DataType, String> {
        let mut t = self.parse_type(written);
        if auto_increment && !t.logical.counts() {
            return Err(t.has_no("autoIncrement"));
        }
        if auto_increment && written.trim().starts_with("${") {
            // Liquibase puts it behind the type before it looks at it.
            t = DataType::unresolved(&format!("{}{{autoIncrement:true}}", written.trim()));
        }
        t.auto_increment |= auto_increment;
        Ok(t)
    }
}

/// Where the parenthesis opened at `open` closes; quotes are respected.
fn matching_parenthesis(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut quoted = false;
    for (i, b) in text.bytes().enumerate().skip(open) {
        match b {
            b'\'' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

fn split_parameters(text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    text.split(',').map(|p| p.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_units_are_left_out() {
        let t = DataType::parse("varchar(20 BYTE) CHARACTER SET utf8 NOT NULL");
        let t = t.without_units(&["BYTE"]).without_words(&["unsigned", "character set *"]);
        assert_eq!((t.with_parameters("VARCHAR"), t.additional.as_deref()), ("VARCHAR(20)".to_owned(), Some("NOT NULL")));
        let t = DataType::parse("bigint unsigned zerofill").without_words(&["unsigned", "zerofill"]);
        assert_eq!(t.additional, None);
    }

    #[test]
    fn parts_are_found() {
        let t = DataType::parse("time(3) with time zone");
        assert_eq!((t.logical, t.name.as_str(), t.additional.as_deref()), (Logical::Time, "time", Some("with time zone")));
        assert_eq!(t.parameters, ["3"]);
        let t = DataType::parse("java.sql.Types.DECIMAL(10,2)");
        assert_eq!((t.logical, t.parameters.len()), (Logical::Decimal, 2));
        let t = DataType::parse("character varying(20)");
        assert_eq!((t.logical, t.parameters.as_slice()), (Logical::Varchar, ["20".to_owned()].as_slice()));
        let t = DataType::parse("bigint{autoIncrement:true}");
        assert_eq!((t.logical, t.auto_increment), (Logical::BigInt, true));
        let t = DataType::parse("VARCHAR(10) CHARACTER SET utf8");
        assert_eq!(t.additional.as_deref(), Some("CHARACTER SET utf8"));
        let t = DataType::parse("enum('a','b')");
        assert_eq!((t.logical, t.with_parameters("ENUM").as_str()), (Logical::Unknown, "ENUM('a', 'b')"));
    }

    /// As Liquibase 4.28 has them.
    #[test]
    fn what_stands_in_braces_behind_a_type() {
        let target = Target::new(crate::dialect::by_name("postgresql").unwrap(), None);
        let counting = |written: &str, counts| target.counting_type(written, counts).and_then(|t| target.native(&t));
        assert_eq!(counting("foo{autoIncrement:true}", false).as_deref(), Ok("FOO"));
        assert_eq!(counting("foo{autoIncrement:true}(5)", false).as_deref(), Ok("FOO(5)"));
        assert_eq!(counting("${a.b}", false).as_deref(), Ok("${A.B}"));
        assert_eq!(counting("${a.b}", true).as_deref(), Ok("${A.B}{AUTOINCREMENT:TRUE}"));
        assert_eq!(counting("${t}(10)", true).as_deref(), Ok("${T}(10){AUTOINCREMENT:TRUE}"));
        assert_eq!(counting("${a}{autoIncrement:true}", true).as_deref(), Ok("${A}{AUTOINCREMENT:TRUE}{AUTOINCREMENT:TRUE}"));
        let unparseable = |text: &str| Err(format!("Data type definition contains unparseable embedded information: `{text}`"));
        assert_eq!(counting("x{y}", false), unparseable("x{y}"));
        assert_eq!(counting("${a} not null", false), unparseable("${a} not null"));
        let unknown = "Property [a] was not found for object type [liquibase.datatype.core.VarcharType]";
        assert_eq!(counting("varchar{a:b}", false), Err(unknown.to_owned()));
    }
}
