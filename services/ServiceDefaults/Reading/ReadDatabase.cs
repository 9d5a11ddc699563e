using Npgsql;

namespace PolicyPlatform.ServiceDefaults.Reading;

/// <summary>
/// Where a request reads: the database, or one of its standbys while the public reads what may be a little behind (<see cref="PublicReads"/>).
/// The session of the request reads there too, so that all that goes into one answer is of one place.
/// </summary>
public sealed class ReadDatabase(NpgsqlDataSource database)
{
    /// <summary>The connection to a standby that the request reads by; null where it reads the database itself.</summary>
    internal NpgsqlConnection? Standby { get; set; }

    /// <summary>Whether what the standby answered is not to be told.</summary>
    internal bool IsTooOld { get; set; }

    /// <summary>A command that reads. Of one request they run one after the other.</summary>
    public NpgsqlCommand CreateCommand(string sql) => Standby is { } standby ? new(sql, standby) : database.CreateCommand(sql);

    /// <summary>The database itself: for work that no request waits for.</summary>
    public static implicit operator ReadDatabase(NpgsqlDataSource database) => new(database);
}

/// <summary>
/// Marks what an endpoint reads by beside its session: it reads its rows by the session that it is given, what it keeps never changes once it is
/// recorded, and what it takes from elsewhere may be newer than the rows.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReadsBySessionAttribute : Attribute;
