import { usageError } from '../core/errors.ts';

/** An object, or a beginning of objects' keys. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Source: Amazon S3 User Guide, "General purpose bucket naming rules"; old buckets, and other servers', may have capitals and underscores. */
const S3_ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9._-]{1,253}[a-z0-9])(?:\/(.*))?$/is;

/** Errors: `usage` where an address does not read `s3://BUCKET/KEY`. */
export function objectAddress(address: string): ObjectAddress {
  const [, bucket, key = ''] = S3_ADDRESS.exec(address) ?? [];
  if (bucket !== undefined && !key.startsWith('/')) return { bucket, key };
  throw usageError(
    { en: `${address} is not an address in a bucket.`, ko: `${address}: 버킷 안의 주소가 아니다.` },
    { en: 'Write s3://BUCKET/KEY.', ko: 's3://BUCKET/KEY로 쓴다.' },
  );
}
