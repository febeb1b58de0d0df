export const KEY = "arn:aws:kms:ap-northeast-1:111122223333:key/1";
