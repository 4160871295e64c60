using System.ComponentModel.DataAnnotations;

namespace Microservices.Files;

/// <summary>Where the bytes of files are kept.</summary>
public enum FileStoreKind
{
    /// <summary>In a folder.</summary>
    Disk,

    /// <summary>In a bucket that speaks the S3 protocol.</summary>
    S3,
}

/// <summary>Settings of files. Bound from <c>Files</c>.</summary>
public sealed class FileStorageOptions
{
    /// <summary>Where bytes are kept.</summary>
    /// <value>The default is <see cref="FileStoreKind.Disk"/>.</value>
    public FileStoreKind Store { get; set; }

    /// <summary>Folder of <see cref="FileStoreKind.Disk"/>: of this service alone, and shared by its replicas.</summary>
    /// <value>Empty, the default, is <c>(service).files</c> in <c>DATA_DIRECTORY</c>.</value>
    public string Directory { get; set; } = "";

    /// <summary>The bucket of <see cref="FileStoreKind.S3"/>.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>Largest file.</summary>
    /// <value>Bytes. The default is 25 MiB, as in Frappe.</value>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 25 * 1024 * 1024;

    /// <summary>Extensions that may be uploaded, without the dot; case does not matter. Empty, the default, allows all.</summary>
    public IList<string> AllowedExtensions { get; } = [];

    /// <summary>How old bytes without a row are before they are removed: longer than any transaction that saves a file takes.</summary>
    /// <value>The default is one hour.</value>
    public TimeSpan OrphanAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often bytes without a row are looked for, the start of the service apart.</summary>
    /// <value>The default is six hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "24.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(6);
}

/// <summary>A bucket. Bound from <c>Files:S3</c>.</summary>
public sealed class S3Options
{
    /// <summary>Address of the store, such as <c>https://s3.eu-west-1.amazonaws.com</c> or <c>http://minio:9000</c>. The bucket is named in the path.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The bucket; it is there already.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Leads the keys, so that services may share a bucket.</summary>
    /// <value>Empty, the default, is the service's name.</value>
    public string Prefix { get; set; } = "";

    /// <summary>Region that requests are signed for.</summary>
    /// <value>The default is <c>us-east-1</c>.</value>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Id of the access key.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>Secret of the access key.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>A file that holds the secret, in place of <see cref="SecretKey"/>.</summary>
    public string SecretKeyFile { get; set; } = "";
}
