// SPDX-License-Identifier: Apache-2.0
#include "kusto/remedy.hpp"

#include <algorithm>
#include <array>

namespace sluice::kusto {
namespace {

using enum Remedy;

struct CodeRow {
  std::string_view code;
  Remedy remedy;
};

/// The service's codes of ingestion (documented). What a later try may outlive is `retry`, also
/// where the service calls it permanent: a signature that ended is new in the next message, and a
/// blob that was seen in the same batch is skipped by its tag.
constexpr std::array rows{
    // Passing.
    CodeRow{"Download_UnknownError", retry},
    CodeRow{"Download_TransientNameResolutionFailure", retry},
    CodeRow{"General_InternalServerError", retry},
    CodeRow{"General_TransientSchemaMismatch", retry},
    CodeRow{"General_ThrottledIngestion", retry},
    CodeRow{"General_RetryAttemptsExceeded", retry},
    CodeRow{"ServiceUnavailable", retry},
    CodeRow{"Timeout", retry},
    CodeRow{"TooManyRequests", retry},
    CodeRow{"OutOfMemory", retry},
    CodeRow{"UpdatePolicy_FailedDescendantTransaction", retry},
    CodeRow{"UpdatePolicy_IngestionError", retry},
    CodeRow{"UpdatePolicy_UnknownError", retry},
    CodeRow{"Unknown", retry},
    // The blob or its address; a new upload has others.
    CodeRow{"Download_BadRequest", retry},
    CodeRow{"Download_SourceNotFound", retry},
    CodeRow{"Download_Forbidden", retry},
    CodeRow{"Download_AccountNotFound", retry},
    CodeRow{"Download_AccessConditionNotSatisfied", retry},
    CodeRow{"Download_NotTransient", retry},
    CodeRow{"BadRequest_InvalidKustoIdentityToken", retry},
    CodeRow{"BadRequest_CorruptedMessage", retry},
    CodeRow{"BadRequest_InvalidBlobUri", retry},
    CodeRow{"BadRequest_EmptyBlobUri", retry},
    CodeRow{"BlobAlreadyReceived_BlobAlreadyFoundInBatch", retry},
    // Something among the rows.
    CodeRow{"BadRequest_InvalidBlob", split},
    CodeRow{"BadRequest_NoRecordsOrWrongFormat", split},
    CodeRow{"BadRequest_UnexpectedCharacterInInputStream", split},
    CodeRow{"BadRequest_FileTooLarge", split},
    CodeRow{"BadRequest_RequestTooLarge", split},
    CodeRow{"Stream_InputStreamTooLarge", split},
    CodeRow{"Stream_DynamicPropertyBagTooLarge", split},
    CodeRow{"Stream_WrongNumberOfFields", split},
    CodeRow{"Stream_ClosingQuoteMissing", split},
    // Nothing that could be taken.
    CodeRow{"BadRequest_EmptyBlob", dead_letter},
    CodeRow{"Stream_NoDataToIngest", dead_letter},
    CodeRow{"BadRequest_EmptyArchive", dead_letter},
    CodeRow{"BadRequest_InvalidArchive", dead_letter},
    // Table, mapping, rights, policies.
    CodeRow{"BadRequest_InvalidMapping", stop},
    CodeRow{"BadRequest_InvalidMappingReference", stop},
    CodeRow{"BadRequest_EmptyMappingReference", stop},
    CodeRow{"BadRequest_MappingReferenceWasNotFound", stop},
    CodeRow{"BadRequest_DuplicateMapping", stop},
    CodeRow{"BadRequest_InconsistentMapping", stop},
    CodeRow{"BadRequest_MissingMappingtFailure", stop},
    CodeRow{"BadRequest_FormatNotSupported", stop},
    CodeRow{"BadRequest_InvalidOrEmptyTableName", stop},
    CodeRow{"BadRequest_EmptyDatabaseName", stop},
    CodeRow{"BadRequest_EntityNameIsNotValid", stop},
    CodeRow{"BadRequest_EntityNotFound", stop},
    CodeRow{"BadRequest_DatabaseNotExist", stop},
    CodeRow{"BadRequest_TableNotExist", stop},
    CodeRow{"BadRequest_TableAccessDenied", stop},
    CodeRow{"BadRequest_DatabaseAccessDenied", stop},
    CodeRow{"BadRequest_InvalidAuthentication", stop},
    CodeRow{"BadRequest_InvalidManagedIdentity", stop},
    CodeRow{"BadRequest_MalformedIngestionProperty", stop},
    CodeRow{"BadRequest_IngestionPropertyNotSupportedInThisContext", stop},
    CodeRow{"BadRequest_ZeroRetentionPolicyWithNoUpdatePolicy", stop},
    CodeRow{"BadRequest_CreationTimeEarlierThanSoftDeletePeriod", stop},
    CodeRow{"BadRequest_DataCapacityLimitReached", stop},
    CodeRow{"BadRequest_NonMultiDatabaseDataConnection", stop},
    CodeRow{"BadRequest_NotSupported", stop},
    CodeRow{"BadRequest_SyntaxError", stop},
    CodeRow{"General_BadRequest", stop},
    CodeRow{"Forbidden", stop},
    CodeRow{"Schema_PermanentUpdateFailure", stop},
    CodeRow{"UpdatePolicy_QuerySchemaDoesNotMatchTableSchema", stop},
    CodeRow{"UpdatePolicy_Cyclic_Update_Not_Allowed", stop},
    CodeRow{"UpdatePolicy_BadRequest", stop},
};

} // namespace

auto remedy_for_code(std::string_view code) noexcept -> std::optional<Remedy> {
  const auto* row = std::ranges::find(rows, code, &CodeRow::code);
  return row == rows.end() ? std::nullopt : std::optional{row->remedy};
}

auto remedy_for(const Error& error) noexcept -> Remedy {
  if (error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::throttled) {
    return retry; // The service said so, whatever its code.
  }
  return remedy_for_code(error.code())
      .value_or(error.kind() == ErrorKind::malformed ? retry : stop);
}

} // namespace sluice::kusto
