"""The types of fields, one file a family. Each is one object (`cms.fields.type.FieldType`)."""
