using System.Collections.Frozen;
using System.Text;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Conformance;

/// <summary>Statuses by the names that Windows gives them, and the Win32 errors they become.</summary>
public static class StatusNames
{
    private static readonly FrozenDictionary<NtStatus, string> _names =
        Enum.GetValues<NtStatus>().ToFrozenDictionary(status => status, status => "STATUS_" + Screaming(status.ToString()));

    private static readonly FrozenDictionary<string, string> _errors = Errors(
        ("ERROR_INVALID_PARAMETER", "INVALID_PARAMETER INVALID_PARAMETER_1 INVALID_PARAMETER_2 INVALID_PARAMETER_3 INVALID_PARAMETER_4 INVALID_PARAMETER_5 INVALID_PARAMETER_6 "
            + "INVALID_PARAMETER_7 INVALID_PARAMETER_8 INVALID_PARAMETER_9 INVALID_PARAMETER_10 INVALID_PAGE_PROTECTION SECTION_PROTECTION UNABLE_TO_DELETE_SECTION UNABLE_TO_FREE_VM"),
        ("ERROR_INVALID_ADDRESS", "CONFLICTING_ADDRESSES NOT_COMMITTED NOT_MAPPED_VIEW FREE_VM_NOT_AT_BASE MEMORY_NOT_ALLOCATED"),
        ("ERROR_ACCESS_DENIED", "ALREADY_COMMITTED ACCESS_DENIED CANNOT_DELETE"),
        ("ERROR_NOACCESS", "ACCESS_VIOLATION"),
        ("ERROR_PARTIAL_COPY", "PARTIAL_COPY"),
        ("ERROR_INVALID_HANDLE", "INVALID_HANDLE"),
        ("ERROR_BAD_EXE_FORMAT", "INVALID_FILE_FOR_SECTION INVALID_IMAGE_NOT_MZ INVALID_IMAGE_FORMAT"),
        ("ERROR_MAPPED_ALIGNMENT", "MAPPED_ALIGNMENT"),
        ("ERROR_USER_MAPPED_FILE", "USER_MAPPED_FILE"),
        ("ERROR_SHARING_VIOLATION", "SHARING_VIOLATION"),
        ("ERROR_INVALID_USER_BUFFER", "INVALID_USER_BUFFER"),
        ("ERROR_FILE_NOT_FOUND", "OBJECT_NAME_NOT_FOUND"),
        ("ERROR_ALREADY_EXISTS", "OBJECT_NAME_EXISTS"),
        ("ERROR_NOT_ENOUGH_MEMORY", "NO_MEMORY"),
        ("ERROR_COMMITMENT_LIMIT", "COMMITMENT_LIMIT"));

    /// <summary>For instance <c>STATUS_ACCESS_VIOLATION</c>.</summary>
    public static string NameOf(NtStatus status) =>
        _names.TryGetValue(status, out string? name) ? name : Expression.Hexadecimal((uint)status);

    /// <summary>The Win32 error a status becomes, or "" for one that the table does not name.</summary>
    public static string ErrorOf(string status) => _errors.GetValueOrDefault(status, "");

    /// <summary>Whether a status is one of the three success codes of the case format.</summary>
    public static bool IsSuccess(string status) => status is "STATUS_SUCCESS" or "STATUS_IMAGE_NOT_AT_BASE" or "STATUS_OBJECT_NAME_EXISTS";

    private static FrozenDictionary<string, string> Errors(params (string Error, string Statuses)[] rows) =>
        rows.SelectMany(row => row.Statuses.Split(' ').Select(status => KeyValuePair.Create("STATUS_" + status, row.Error))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>InvalidParameter1 becomes INVALID_PARAMETER_1.</summary>
    private static string Screaming(string name)
    {
        var text = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            bool starts = char.IsAsciiLetterUpper(name[i]) || (char.IsAsciiDigit(name[i]) && !char.IsAsciiDigit(name[i - 1]));
            text.Append(starts && i > 0 ? "_" : "").Append(char.ToUpperInvariant(name[i]));
        }

        return text.ToString();
    }
}
