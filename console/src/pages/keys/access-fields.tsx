import type { CreateKey, Standing } from '../../api/client';
import { ManagementField } from './management-field';
import { ScopeField } from './scope-field';
import { ServiceField } from './service-field';

interface Access {
  scope: CreateKey['scope'];
  isForManagement: boolean;
  isForService: boolean;
}

interface Props extends Access {
  standing: Standing;
  change: (part: Partial<Access>) => void;
}

/** What a new key is for. */
export function AccessFields({ standing, change, ...access }: Props) {
  const { scope, isForManagement, isForService } = access;
  return (
    <>
      <ServiceField
        standing={standing}
        isForService={isForService}
        change={(next) => {
          change({ isForService: next });
        }}
      />
      {!isForService && (
        <ScopeField
          scope={scope}
          change={(next) => {
            change({ scope: next });
          }}
        />
      )}
      <ManagementField
        standing={standing}
        scope={scope}
        isForManagement={isForManagement}
        change={(next) => {
          change({ isForManagement: next });
        }}
      />
    </>
  );
}
